/*
 * Compiler markers shared by every room. Each falls back to nothing, so a
 * compiler that does not know it still builds the same program.
 */
#ifndef CA_BASE_CDEFS_H
#define CA_BASE_CDEFS_H

#if defined(__GNUC__) || defined(__clang__)
#define CA_MUST_CHECK __attribute__((warn_unused_result))
#define CA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define CA_MUST_CHECK
#define CA_PRINTF(fmt, args)
#endif

/* The number of elements of an array (never of a pointer). */
#define CA_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
