import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Collections;

/**
 * Opens a token as a key store and signs with the first key in it.
 *
 * Arguments: configuration of SunPKCS11, file with the PIN, the certificate the
 * key must have (DER), data, file for the SHA256withRSA signature.
 */
public class KeyStoreSign {
	private static final String[] ALGORITHMS = {"SHA256withRSA",
		"SHA384withRSA", "SHA512withRSA", "SHA1withRSA"};

	public static void main(String[] args) throws Exception {
		Provider token = Security.getProvider("SunPKCS11").configure(args[0]);
		Security.addProvider(token);
		char[] pin = Files.readString(Path.of(args[1]),
			StandardCharsets.UTF_8).trim().toCharArray();
		byte[] wanted = Files.readAllBytes(Path.of(args[2]));
		byte[] data = Files.readAllBytes(Path.of(args[3]));

		KeyStore store = KeyStore.getInstance("PKCS11", token);
		store.load(null, pin);
		String alias = null;
		for (String a : Collections.list(store.aliases())) {
			System.out.println((store.isKeyEntry(a) ? "key" : "certificate")
				+ " entry: " + a);
			if (alias == null && store.isKeyEntry(a))
				alias = a;
		}
		if (alias == null)
			throw new IllegalStateException("no key entry");

		Certificate cert = store.getCertificate(alias);
		if (Arrays.equals(cert.getEncoded(), wanted))
			System.out.println("certificate is that of the card");
		PrivateKey key = (PrivateKey) store.getKey(alias, null);
		for (String algorithm : ALGORITHMS)
			sign(token, algorithm, key, cert, data, args[4]);
	}

	/** Signs on the token, verifies in Java's own code. */
	private static void sign(Provider token, String algorithm,
		PrivateKey key, Certificate cert, byte[] data, String file)
		throws Exception {
		Signature signer = Signature.getInstance(algorithm, token);
		signer.initSign(key);
		signer.update(data);
		byte[] signature = signer.sign();

		Signature verifier = Signature.getInstance(algorithm, "SunRsaSign");
		verifier.initVerify(cert.getPublicKey());
		verifier.update(data);
		System.out.println(algorithm + ": "
			+ (verifier.verify(signature) ? "verified" : "WRONG"));
		if (algorithm.equals("SHA256withRSA"))
			try (FileOutputStream out = new FileOutputStream(file)) {
				out.write(signature);
			}
	}
}
