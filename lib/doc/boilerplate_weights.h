/*
 * What decides that an element is none of a page's own text. Private to
 * boilerplate.c.
 *
 * Chosen with tests/eval/boilerplate.py on the fitted half of its frames
 * and texts (doc_docling): 165 pages keep .9924 of their own words, and .0092
 * of what they have is the frame's (without: .9992 and .2365). The half held
 * out, 115 pages: .9814 and .0081 (without: .9963 and .2473).
 */
#ifndef KB_DOC_BOILERPLATE_WEIGHTS_H
#define KB_DOC_BOILERPLATE_WEIGHTS_H

/* Of all text, what an element called a sidebar and the like has at most, in
 * percent: a page is called so, too. */
#define NAMED_SHARE_MAX 33u
/* The same of one that is mostly links. */
#define NAMED_LINKS_SHARE_MAX 60u
/* Of a list's text, what links are at least, in percent, and how many. */
#define LINKS_SHARE_MIN 80u
#define LINKS_MIN	3u
/* What main content has at least, in percent: of all text when the page says
 * that it is that, of the text beside links when its name says so. */
#define MAIN_SHARE_MIN 20u
#define NAMED_MAIN_MIN 50u
/* Of the text, what is left when lists of links go, in percent at least. */
#define LEFT_SHARE_MIN 40u

#endif
