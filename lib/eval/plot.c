#include "eval/plot.h"

#include <math.h>
#include <stdio.h>

/* A panel is a square of SIDE units; its left lower corner is at x, BOTTOM. */
#define SIDE   300.0
#define BOTTOM 340.0
#define LEFT   60.0
#define RIGHT  460.0
#define POINTS 200

static void add_text(struct kb_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			kb_buf_add_cstr(out, "&lt;");
		else if (*text == '&')
			kb_buf_add_cstr(out, "&amp;");
		else if ((unsigned char)*text >= ' ')
			kb_buf_add_char(out, *text);
	}
}

static void label(struct kb_buf *out, double x, double y, const char *anchor,
		  const char *text)
{
	kb_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x,
		      y, anchor);
	add_text(out, text);
	kb_buf_add_cstr(out, "</text>\n");
}

/* Frame and scales; the vertical one ends at 'top'. */
static void frame(struct kb_buf *out, double x, double top, const char *across,
		  const char *up)
{
	char mark[32];

	kb_buf_printf(out,
		      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		      "height=\"%.1f\" fill=\"none\" stroke=\"#888\"/>\n",
		      x, BOTTOM - SIDE, SIDE, SIDE);
	for (int i = 0; i <= 5; i++) {
		snprintf(mark, sizeof(mark), "%.1f", i / 5.0);
		label(out, x + SIDE * i / 5, BOTTOM + 16, "middle", mark);
		snprintf(mark, sizeof(mark), "%.3g", top * i / 5);
		label(out, x - 6, BOTTOM - SIDE * i / 5 + 4, "end", mark);
	}
	label(out, x + SIDE / 2, BOTTOM + 36, "middle", across);
	label(out, x, BOTTOM - SIDE - 8, "start", up);
}

static void reliability(struct kb_buf *out, const struct kb_outcome *o,
			size_t n)
{
	struct kb_reliability_bin bins[KB_RELIABILITY_BINS];

	frame(out, LEFT, 1, "confidence", "share right");
	kb_buf_printf(out,
		      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		      "stroke=\"#bbb\" stroke-dasharray=\"4\"/>\n",
		      LEFT, BOTTOM, LEFT + SIDE, BOTTOM - SIDE);
	kb_reliability_bins(o, n, bins);
	for (size_t i = 0; i < KB_RELIABILITY_BINS; i++)
		if (bins[i].n)
			kb_buf_printf(out,
				      "<circle cx=\"%.1f\" cy=\"%.1f\" "
				      "r=\"4\" fill=\"#1668b0\"/>\n",
				      LEFT + SIDE * bins[i].confidence,
				      BOTTOM - SIDE * bins[i].right);
}

static void risk_coverage(struct kb_buf *out, const struct kb_outcome *o,
			  size_t n)
{
	double risk[POINTS], top = 0;

	for (int i = 0; i < POINTS; i++) {
		risk[i] = kb_reliability_risk(o, n, (i + 1.0) / POINTS);
		top = fmax(top, risk[i]);
	}
	top = top > 0 ? fmin(1, ceil(top * 20) / 20) : 1;
	frame(out, RIGHT, top, "coverage", "share wrong");
	kb_buf_add_cstr(out, "<polyline fill=\"none\" stroke=\"#1668b0\" "
			     "stroke-width=\"2\" points=\"");
	for (int i = 0; i < POINTS; i++)
		kb_buf_printf(out, "%.1f,%.1f ",
			      RIGHT + SIDE * (i + 1.0) / POINTS,
			      BOTTOM - SIDE * risk[i] / top);
	kb_buf_add_cstr(out, "\"/>\n");
}

void kb_eval_plot(struct kb_buf *out, const char *title,
		  const struct kb_outcome *o, size_t n)
{
	kb_buf_add_cstr(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
			     "viewBox=\"0 0 800 400\" "
			     "font-family=\"sans-serif\" "
			     "font-size=\"12\">\n"
			     "<rect width=\"800\" height=\"400\" "
			     "fill=\"#fff\"/>\n");
	if (title)
		label(out, 400, 20, "middle", title);
	if (n) {
		reliability(out, o, n);
		risk_coverage(out, o, n);
	}
	kb_buf_add_cstr(out, "</svg>\n");
}
