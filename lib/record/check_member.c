#include "record/check_member.h"

void kb_check_begin(struct kb_jw *w)
{
	kb_jw_obj(w);
	kb_jw_key(w, "claims");
	kb_jw_arr(w);
}

static void put_evidence(struct kb_jw *w, const struct kb_claim_values *claim)
{
	kb_jw_key(w, "evidence");
	kb_jw_obj(w);
	if (claim->hit) {
		kb_jw_key(w, "hit");
		kb_jw_int(w, claim->hit);
	} else {
		kb_jw_key(w, "doc");
		kb_jw_str(w, claim->doc);
	}
	kb_jw_key(w, "start");
	kb_jw_int(w, claim->evidence_start);
	kb_jw_key(w, "end");
	kb_jw_int(w, claim->evidence_end);
	kb_jw_end(w);
}

static void put_share(struct kb_jw *w, const char *name, double p)
{
	if (p < 0)
		return;
	kb_jw_key(w, name);
	kb_jw_fixed(w, p, 4);
}

void kb_check_claim(struct kb_jw *w, const struct kb_claim_values *claim)
{
	kb_jw_obj(w);
	kb_jw_key(w, "text");
	kb_jw_str(w, claim->text);
	kb_jw_key(w, "start");
	kb_jw_int(w, claim->start);
	kb_jw_key(w, "end");
	kb_jw_int(w, claim->start + (int64_t)claim->text.len);
	kb_jw_key(w, "verdict");
	kb_jw_cstr(w, claim->verdict);
	if (claim->has_evidence)
		put_evidence(w, claim);
	put_share(w, "p", claim->p);
	put_share(w, "judge", claim->judge);
	if (claim->reason.len) {
		kb_jw_key(w, "reason");
		kb_jw_str(w, claim->reason);
	}
	if (claim->features.len) {
		kb_jw_key(w, "features");
		kb_jw_raw(w, claim->features);
	}
	kb_jw_end(w);
}

void kb_check_end(struct kb_jw *w, const struct kb_check_totals *totals)
{
	kb_jw_end(w);
	kb_jw_key(w, "p");
	kb_jw_fixed(w, totals->p, 4);
	kb_jw_key(w, "stages");
	kb_jw_obj(w);
	put_share(w, "retrieval", totals->retrieval);
	put_share(w, "generation", totals->generation);
	put_share(w, "facts", totals->facts);
	put_share(w, "relevance", totals->relevance);
	kb_jw_end(w);
	kb_jw_key(w, "reasons");
	kb_jw_arr(w);
	for (size_t i = 0; i < totals->n_reasons; i++)
		kb_jw_str(w, totals->reasons[i]);
	kb_jw_end(w);
	if (totals->degraded) {
		kb_jw_key(w, "degraded");
		kb_jw_cstr(w, totals->degraded);
	}
	if (totals->explain.len) {
		kb_jw_key(w, "explain");
		kb_jw_raw(w, totals->explain);
	}
	kb_jw_end(w);
}
