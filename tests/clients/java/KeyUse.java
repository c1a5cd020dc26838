import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Everything else Java can do with a token: the card's key where it is not an
 * RSA key that signs PKCS#1, and keys of the session. Each use is compared with
 * Java's own code.
 *
 * Arguments: configuration of SunPKCS11, file with the PIN, what to try. For
 * each of these one line "NAME: same" is printed.
 */
public class KeyUse {
	private static Provider token;
	private static PrivateKey key;
	private static Certificate cert;
	private static final byte[] data = "Xin chào, Việt Nam".getBytes(
		StandardCharsets.UTF_8);

	public static void main(String[] args) throws Exception {
		token = Security.getProvider("SunPKCS11").configure(args[0]);
		Security.addProvider(token);
		KeyStore store = KeyStore.getInstance("PKCS11", token);
		store.load(null, Files.readString(Path.of(args[1]))
			.trim().toCharArray());
		for (String a : Collections.list(store.aliases()))
			if (store.isKeyEntry(a)) {
				key = (PrivateKey) store.getKey(a, null);
				cert = store.getCertificate(a);
			}
		for (String name : Arrays.copyOfRange(args, 2, args.length)) {
			String result;
			try {
				result = tryOne(name) ? "same" : "DIFFERENT";
			} catch (Exception e) {
				e.printStackTrace();
				result = e.toString();
			}
			System.out.println(name + ": " + result);
		}
	}

	private static boolean tryOne(String name) throws Exception {
		switch (name) {
		case "RSASSA-PSS":
			return sign(name, new PSSParameterSpec("SHA-256", "MGF1",
				MGF1ParameterSpec.SHA256, 32, 1));
		case "SHA256withECDSA":
		case "SHA384withECDSA":
			return sign(name, null);
		case "RSA/ECB/PKCS1Padding":
			return decrypt(name);
		case "ECDH":
			return agree();
		case "AES/CBC/NoPadding":
		case "AES/CBC/PKCS5Padding":
			return cipher(name, new IvParameterSpec(new byte[16]));
		case "AES/CTR/NoPadding":
			return cipher(name, new IvParameterSpec(new byte[16]));
		case "AES/GCM/NoPadding":
			return cipher(name, new GCMParameterSpec(128, new byte[12]));
		case "HmacSHA1":
		case "HmacSHA256":
		case "HmacSHA512":
			return mac(name);
		case "SHA-256":
		case "SHA3-256":
			return Arrays.equals(
				MessageDigest.getInstance(name, token).digest(data),
				MessageDigest.getInstance(name, "SUN").digest(data));
		case "PKCS11":
			return random(name);
		default:
			throw new IllegalArgumentException(name);
		}
	}

	/** The card signs, Java verifies, and finds other data wrong. */
	private static boolean sign(String name, AlgorithmParameterSpec spec)
		throws Exception {
		Signature signer = Signature.getInstance(name, token);
		signer.initSign(key);
		if (spec != null)
			signer.setParameter(spec);
		signer.update(data);
		byte[] signature = signer.sign();

		String own = name.endsWith("ECDSA") ? "SunEC" : "SunRsaSign";
		Signature verifier = Signature.getInstance(name, own);
		verifier.initVerify(cert.getPublicKey());
		if (spec != null)
			verifier.setParameter(spec);
		verifier.update(data);
		boolean good = verifier.verify(signature);
		verifier.update((byte) 1);
		return good && !verifier.verify(signature);
	}

	private static boolean decrypt(String name) throws Exception {
		Cipher e = Cipher.getInstance(name, "SunJCE");
		e.init(Cipher.ENCRYPT_MODE, cert.getPublicKey());
		Cipher d = Cipher.getInstance(name, token);
		d.init(Cipher.DECRYPT_MODE, key);
		boolean opened = Arrays.equals(d.doFinal(e.doFinal(data)), data);

		/* a content key, as mail is encrypted */
		SecretKey content = new SecretKeySpec(new byte[32], "AES");
		e.init(Cipher.WRAP_MODE, cert.getPublicKey());
		byte[] wrapped = e.wrap(content);
		d.init(Cipher.UNWRAP_MODE, key);
		Key got = d.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
		Cipher a = Cipher.getInstance("AES/CBC/NoPadding", "SunJCE");
		Cipher b = Cipher.getInstance("AES/CBC/NoPadding",
			got.getEncoded() == null ? token.getName() : "SunJCE");
		a.init(Cipher.ENCRYPT_MODE, content, new IvParameterSpec(new byte[16]));
		b.init(Cipher.ENCRYPT_MODE, got, new IvParameterSpec(new byte[16]));
		byte[] block = new byte[32];
		return opened && Arrays.equals(a.doFinal(block), b.doFinal(block));
	}

	private static boolean agree() throws Exception {
		KeyPairGenerator g = KeyPairGenerator.getInstance("EC", "SunEC");
		g.initialize(((ECPublicKey) cert.getPublicKey()).getParams());
		KeyPair other = g.generateKeyPair();
		KeyAgreement card = KeyAgreement.getInstance("ECDH", token);
		card.init(key);
		card.doPhase(other.getPublic(), true);
		KeyAgreement own = KeyAgreement.getInstance("ECDH", "SunEC");
		own.init(other.getPrivate());
		own.doPhase(cert.getPublicKey(), true);
		return Arrays.equals(card.generateSecret(), own.generateSecret());
	}

	private static boolean cipher(String name, AlgorithmParameterSpec spec)
		throws Exception {
		SecretKey k = new SecretKeySpec(Arrays.copyOf(data, 16), "AES");
		byte[] plain = new byte[48];
		Cipher ours = Cipher.getInstance(name, token);
		Cipher java = Cipher.getInstance(name, "SunJCE");
		ours.init(Cipher.ENCRYPT_MODE, k, spec);
		java.init(Cipher.ENCRYPT_MODE, k, spec);
		byte[] encrypted = ours.doFinal(plain);
		if (!Arrays.equals(encrypted, java.doFinal(plain)))
			return false;
		ours.init(Cipher.DECRYPT_MODE, k, spec);
		return Arrays.equals(ours.doFinal(encrypted), plain);
	}

	private static boolean mac(String name) throws Exception {
		SecretKey k = new SecretKeySpec(Arrays.copyOf(data, 16), name);
		Mac ours = Mac.getInstance(name, token);
		Mac java = Mac.getInstance(name, "SunJCE");
		ours.init(k);
		java.init(k);
		return Arrays.equals(ours.doFinal(data), java.doFinal(data));
	}

	/** Not the same, of course: two draws differ. */
	private static boolean random(String name) throws Exception {
		byte[] a = new byte[32], b = new byte[32];
		SecureRandom r = SecureRandom.getInstance(name, token);
		r.nextBytes(a);
		r.nextBytes(b);
		return !Arrays.equals(a, b) && !Arrays.equals(a, new byte[32]);
	}
}
