/*
 * Masking, or undoing it, for a run of records: what --mask, --unmask and
 * --mask-map of ctx-compress do. Any number of threads may use one session.
 *
 * A file of maps has a line {"id":...,"masked":{...}} for each record that
 * holds personal data; of an id that stands there twice the last counts. It is
 * made for its owner alone, and refused when others may read it.
 */
#ifndef KB_MASK_MASK_SESSION_H
#define KB_MASK_MASK_SESSION_H

#include "mask/mask.h"

#define KB_MASK_MAP_BYTES ((size_t)256 << 20) /* of a file that is read */

struct kb_mask_options {
	bool mask, undo;   /* one of them, or none */
	const char *map;   /* the file of maps, or NULL */
	const char *names; /* a file of them (gazetteer.h), or NULL */
};

struct kb_mask_session;

/* NULL in *out when neither is asked for. KB_EINVAL: both are, a map without
 * either, a file that others may read or that is no file of maps. */
int kb_mask_open(struct kb_mask_session **out,
		 const struct kb_mask_options *options, struct kb_err *err);
int kb_mask_close(struct kb_mask_session *session, struct kb_err *err);

bool kb_mask_undoes(const struct kb_mask_session *session);

/* Undo, or mask; *map is then for kb_mask_finish(), which is to be called
 * whatever became of the record meanwhile. KB_EINVAL: no id for a file. */
int kb_mask_begin(struct kb_mask_session *session, struct kb_rec *rec,
		  struct kb_arena *arena, struct kb_str *map,
		  struct kb_err *err);
int kb_mask_finish(struct kb_mask_session *session, struct kb_rec *rec,
		   struct kb_arena *arena, struct kb_str map,
		   struct kb_err *err);

#endif
