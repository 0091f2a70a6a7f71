#include "mask/mask_session.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "json/write.h"

struct kb_mask_session {
	struct kb_mask_options options;
	struct kb_gazetteer *names;
	int fd; /* of the maps that are written; -1: none */
	pthread_mutex_t lock;
	/* The maps that are read: id to a place in maps. */
	struct kb_buf text;
	struct kb_arena arena;
	struct kb_map by_id;
	struct kb_json *maps;
	size_t n, cap;
};

/* ---- a file that is written ---- */

static int open_written(struct kb_mask_session *s, struct kb_err *err)
{
	const char *path = s->options.map;
	struct stat st;

	s->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return kb_err_set(err, KB_EIO, "'%s': %s", path,
				  strerror(errno));
	if (fstat(s->fd, &st) < 0 || (S_ISREG(st.st_mode) && st.st_mode & 077))
		return kb_err_set(err, KB_EINVAL,
				  "'%s' may be read by others; chmod 600 it",
				  path);
	return 0;
}

static int write_all(int fd, const char *p, size_t len, const char *path,
		     struct kb_err *err)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kb_err_set(err, KB_EIO, "'%s': %s", path,
					  strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int put(struct kb_mask_session *s, struct kb_str id, struct kb_str map,
	       struct kb_err *err)
{
	struct kb_buf line;
	struct kb_jw w;
	int rc;

	kb_buf_init(&line, 0);
	kb_jw_init(&w, &line);
	kb_jw_obj(&w);
	kb_jw_key(&w, "id");
	kb_jw_str(&w, id);
	kb_jw_key(&w, "masked");
	kb_jw_raw(&w, map);
	kb_jw_end(&w);
	kb_buf_add_char(&line, '\n');
	pthread_mutex_lock(&s->lock);
	rc = write_all(s->fd, line.ptr, line.len, s->options.map, err);
	pthread_mutex_unlock(&s->lock);
	kb_buf_release(&line);
	return rc;
}

/* ---- a file that is read ---- */

static uint64_t key_of(struct kb_str id)
{
	return kb_xxh64(id.ptr, id.len, 0);
}

static int read_line(struct kb_mask_session *s, struct kb_str line,
		     struct kb_err *err)
{
	struct kb_json map;
	struct kb_rec rec;
	struct kb_str id;
	uint64_t *place;
	int rc = kb_rec_scan(&rec, &s->arena, line.ptr, line.len, err);

	if (rc < 0)
		return rc;
	map = kb_rec_get(&rec, "masked");
	id = kb_rec_id(&rec);
	if (!id.len || map.type != KB_JSON_OBJECT)
		return kb_err_set(err, KB_EINVAL,
				  "no line of 'id' and 'masked'");
	place = kb_map_put(&s->by_id, key_of(id), NULL);
	if (!*place)
		*place = ++s->n;
	kb_grow(&s->maps, &s->cap, s->n, sizeof(*s->maps));
	s->maps[*place - 1] = map;
	return 0;
}

static int read_maps(struct kb_mask_session *s, struct kb_err *err)
{
	struct kb_str rest, line;
	unsigned line_no = 0;
	int rc = kb_file_read(s->options.map, KB_MASK_MAP_BYTES, &s->text, err);

	if (rc < 0)
		return rc;
	rest = kb_buf_str(&s->text);
	while (rc == 0 && kb_str_line(&rest, &line)) {
		line_no++;
		if (kb_str_trim(line).len)
			rc = read_line(s, line, err);
	}
	if (rc < 0)
		kb_err_place(err, "%s:%u", s->options.map, line_no);
	return rc;
}

static struct kb_json map_of(const struct kb_mask_session *s, struct kb_str id)
{
	const uint64_t *place = kb_map_get(&s->by_id, key_of(id));

	return place ? s->maps[*place - 1] : (struct kb_json){0};
}

/* ---- a run ---- */

int kb_mask_open(struct kb_mask_session **out,
		 const struct kb_mask_options *options, struct kb_err *err)
{
	struct kb_mask_session *s;
	int rc = 0;

	*out = NULL;
	if (options->mask && options->undo)
		return kb_err_set(err, KB_EINVAL,
				  "--mask and --unmask exclude each other");
	if (!options->mask && !options->undo)
		return options->map ? kb_err_set(err, KB_EINVAL,
						 "--mask-map goes with --mask "
						 "or --unmask")
				    : 0;
	s = kb_calloc(1, sizeof(*s));
	s->options = *options;
	s->fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	kb_buf_init(&s->text, 0);
	kb_arena_init(&s->arena);
	kb_map_init(&s->by_id);
	*out = s;
	if (options->mask)
		rc = kb_gazetteer_open(&s->names, options->names, NULL, 0, err);
	if (rc == 0 && options->map)
		rc = options->mask ? open_written(s, err) : read_maps(s, err);
	return rc;
}

int kb_mask_close(struct kb_mask_session *s, struct kb_err *err)
{
	int rc = 0;

	if (!s)
		return 0;
	if (s->fd >= 0 && close(s->fd) < 0)
		rc = kb_err_set(err, KB_EIO, "'%s': %s", s->options.map,
				strerror(errno));
	pthread_mutex_destroy(&s->lock);
	kb_gazetteer_free(s->names);
	kb_buf_release(&s->text);
	kb_arena_release(&s->arena);
	kb_map_release(&s->by_id);
	free(s->maps);
	free(s);
	return rc;
}

bool kb_mask_undoes(const struct kb_mask_session *s)
{
	return s && s->options.undo;
}

int kb_mask_begin(struct kb_mask_session *s, struct kb_rec *rec,
		  struct kb_arena *arena, struct kb_str *map,
		  struct kb_err *err)
{
	struct kb_str id = kb_rec_id(rec);

	*map = KB_STR("");
	if (!s)
		return 0;
	if (s->options.map && !id.len)
		return kb_err_set(err, KB_EINVAL,
				  "--mask-map needs an 'id' in each record");
	if (s->options.undo)
		return kb_mask_undo(
		    rec, s->options.map ? map_of(s, id) : (struct kb_json){0},
		    arena, err);
	kb_mask_apply(rec, s->names, arena, map);
	return 0;
}

int kb_mask_finish(struct kb_mask_session *s, struct kb_rec *rec,
		   struct kb_arena *arena, struct kb_str map,
		   struct kb_err *err)
{
	if (!s || !map.len)
		return 0;
	if (s->options.map)
		return put(s, kb_rec_id(rec), map, err);
	kb_mask_keep(rec, map, arena);
	return 0;
}
