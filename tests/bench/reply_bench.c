/*
 * What it costs to read the answer of a provider: the event of a token by the
 * fast way and as a tree, a chat answer, and 64 vectors of 1,024 numbers.
 *
 * usage: reply_bench token|event|chat|vectors TIMES
 *
 * Prints the bytes of one and the CPU time of reading it in microseconds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/form.h"

#define TEXTS 64
#define DIM   1024

static const char token[] =
    "{\"id\":\"chatcmpl-9vN3kQ8ZpQ2h1m4n6b8v0c2x4z6q\",\"object\":"
    "\"chat.completion.chunk\",\"created\":1723456789,\"model\":"
    "\"m-large-2024-07-18\",\"service_tier\":\"default\","
    "\"system_fingerprint\":\"fp_48196bc67a\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"content\":\" warranty\"},\"logprobs\":null,"
    "\"finish_reason\":null}],\"usage\":null}";

static void put_chat(struct kb_buf *body)
{
	kb_buf_add_cstr(body, "{\"id\":\"x\",\"object\":\"chat.completion\","
			      "\"model\":\"m\",\"choices\":[{\"index\":0,"
			      "\"message\":{\"role\":\"assistant\","
			      "\"content\":\"");
	for (int i = 0; i < 8; i++)
		kb_buf_add_cstr(body, "The warranty of a phone is twelve "
				      "months from the day it came.\\n");
	kb_buf_add_cstr(body, "\"},\"finish_reason\":\"stop\"}],\"usage\":"
			      "{\"prompt_tokens\":900,"
			      "\"completion_tokens\":120}}");
}

static void put_vectors(struct kb_buf *body)
{
	uint64_t seed = 88172645463325252u;

	kb_buf_add_cstr(body, "{\"object\":\"list\",\"data\":[");
	for (int i = 0; i < TEXTS; i++) {
		kb_buf_printf(body, "%s{\"index\":%d,\"embedding\":[",
			      i ? "," : "", i);
		for (int k = 0; k < DIM; k++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			kb_buf_printf(body, "%s%s.0%08u", k ? "," : "",
				      seed & 1 ? "-0" : "0",
				      (unsigned)(seed >> 32) % 100000000);
		}
		kb_buf_add_cstr(body, "]}");
	}
	kb_buf_add_cstr(body, "]}");
}

static int read_one(const char *kind, struct kb_str text,
		    struct kb_form_stream *stream, struct kb_arena *arena)
{
	static const struct kb_str texts[TEXTS];
	struct kb_form_reply reply = {.model = {"m", 1}};
	struct kb_form_ask ask = {.texts = texts, .n_texts = TEXTS};

	if (*kind == 't')
		return kb_form_delta(stream, text, arena, &reply, NULL);
	if (*kind == 'e')
		return kb_form_event(stream, text, arena, &reply, NULL);
	ask.kind = *kind == 'c' ? KB_FORM_CHAT : KB_FORM_EMBED;
	return kb_form_parse(&ask, &kb_dialect_openai, text, arena, &reply,
			     NULL);
}

int main(int argc, char **argv)
{
	long times = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	struct kb_form_stream stream;
	struct kb_arena arena;
	struct kb_buf body;
	clock_t start;

	if (times < 1 || !strchr("tecv", *argv[1]))
		return 2;
	kb_arena_init(&arena);
	kb_buf_init(&body, 0);
	if (*argv[1] == 'c')
		put_chat(&body);
	else if (*argv[1] == 'v')
		put_vectors(&body);
	else
		kb_buf_add_cstr(&body, token);
	kb_form_stream_init(&stream, &kb_dialect_openai);
	start = clock();
	for (long i = 0; i < times; i++) {
		if (read_one(argv[1], kb_buf_str(&body), &stream, &arena))
			return 1;
		kb_arena_reset(&arena);
	}
	printf("%zu %.2f\n", body.len,
	       (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC /
		   (double)times);
	kb_form_stream_release(&stream);
	kb_buf_release(&body);
	kb_arena_release(&arena);
	return 0;
}
