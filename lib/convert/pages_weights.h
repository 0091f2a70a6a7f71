/*
 * What tells the parts of a printed page apart. Chosen by hand on pages that
 * tests/pipe/helper/pdf.py writes, of one and two columns with heads, feet and
 * tables; tests/eval/pages.py measures them on any PDF.
 */
#ifndef KB_CONVERT_PAGES_WEIGHTS_H
#define KB_CONVERT_PAGES_WEIGHTS_H

#define KB_PAGE_EDGE	 2u  /* lines at each end that may be furniture */
#define KB_PAGE_REPEATS	 3u  /* pages on which they stand, at least, */
#define KB_PAGE_REPEATED .05 /* and of all pages this share */
#define KB_PAGE_SHORT	 .5  /* of the longest line: it ends a line */
#define KB_PAGE_CELL	 24u /* bytes of a line that may be a cell */
#define KB_PAGE_LINES	 8u  /* of a page that may be a table */
#define KB_PAGE_TABLE	 .5  /* of its lines are cells */
#define KB_PAGE_ROWS	 .4  /* of its lines have several */

#define KB_PAGE_WORD 40u /* letters beside a hyphen that count */

#endif
