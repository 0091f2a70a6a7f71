/*
 * Personal data of a record replaced by stand-ins before others see it, and
 * put back behind them.
 *
 * Masked are the strings and keys, and numbers that are personal data, of
 * 'messages', 'query', 'standalone', 'rewrites', 'hyde', and of 'content' and
 * 'name' of a record that is one message. A stand-in is "[PHONE_1]": the
 * kind and a number in the order in which values appear, so that a conversation
 * that went on has the same ones for what was said before; numbers that the
 * record holds already are passed over. Every occurrence of a value that was
 * found once is replaced, whatever surrounds it.
 *
 * The map from stand-ins to values is "compression.masked", or a line
 * {"id","masked"} of a file that nobody else may read.
 */
#ifndef KB_MASK_MASK_H
#define KB_MASK_MASK_H

#include "mask/personal.h"
#include "json/rec.h"

/* Mask a record; *map is then a JSON object of what was masked, "" for nothing.
 * names: of a gazetteer, or NULL. */
void kb_mask_apply(struct kb_rec *rec, const struct kb_gazetteer *names,
		   struct kb_arena *arena, struct kb_str *map);

/* Put the map into the record's 'compression', which is made when it has
 * none. */
void kb_mask_keep(struct kb_rec *rec, struct kb_str map,
		  struct kb_arena *arena);

/* Put back what 'map' says in every member but 'compression', and there too,
 * without its 'masked'. A record without a map stays as it is. map.type NONE:
 * the record's own. KB_EINVAL when the map is no object of strings. */
int kb_mask_undo(struct kb_rec *rec, struct kb_json map, struct kb_arena *arena,
		 struct kb_err *err);

#endif
