/* Text for a terminal, broken between words. */
#ifndef CA_TOOL_PARAGRAPH_H
#define CA_TOOL_PARAGRAPH_H

/* Writes to standard output: no line of more than 79 columns where its words
 * allow, a newline at the end; newlines in the text stay. */
void ca_paragraph(const char *text);

#endif
