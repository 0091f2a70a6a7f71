#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <libstemmer.h>

#include "text/analyze.h"

/*
 * The Makefile links one language of libstemmer. These are words of this
 * project's pages and the stems that the whole library gives them.
 */
static const char *const words[][2] = {
    {"accard", "accard"},
    {"action", "action"},
    {"advice", "advic"},
    {"alendar", "alendar"},
    {"allocates", "alloc"},
    {"always", "alway"},
    {"analysis", "analysi"},
    {"anking", "ank"},
    {"answers", "answer"},
    {"appended", "append"},
    {"argest", "argest"},
    {"arrays", "array"},
    {"ascend", "ascend"},
    {"astagnoli", "astagnoli"},
    {"attribute", "attribut"},
    {"available", "avail"},
    {"batches", "batch"},
    {"beginnings", "begin"},
    {"benches", "bench"},
    {"binary", "binari"},
    {"boolean", "boolean"},
    {"borrowed", "borrow"},
    {"branching", "branch"},
    {"browsers", "browser"},
    {"builder", "builder"},
    {"calendar", "calendar"},
    {"called", "call"},
    {"cannot", "cannot"},
    {"captured", "captur"},
    {"ceiling", "ceil"},
    {"characters", "charact"},
    {"checker", "checker"},
    {"choices", "choic"},
    {"claims", "claim"},
    {"clears", "clear"},
    {"cmdline", "cmdline"},
    {"collision", "collis"},
    {"command", "command"},
    {"common", "common"},
    {"compared", "compar"},
    {"compile", "compil"},
    {"completion", "complet"},
    {"compressed", "compress"},
    {"conditions", "condit"},
    {"connection", "connect"},
    {"container", "contain"},
    {"contract", "contract"},
    {"controls", "control"},
    {"coordinates", "coordin"},
    {"correction", "correct"},
    {"courtesy", "courtesi"},
    {"crontab", "crontab"},
    {"damage", "damag"},
    {"deadlines", "deadlin"},
    {"decimals", "decim"},
    {"decode", "decod"},
    {"default", "default"},
    {"delete", "delet"},
    {"denies", "deni"},
    {"descriptor", "descriptor"},
    {"diaeresis", "diaeresi"},
    {"dictionary", "dictionari"},
    {"digits", "digit"},
    {"disagrees", "disagre"},
    {"disturbed", "disturb"},
    {"documents", "document"},
    {"dqname", "dqname"},
    {"duration", "durat"},
    {"earning", "earn"},
    {"ecords", "ecord"},
    {"egments", "egment"},
    {"either", "either"},
    {"elevance", "elev"},
    {"embeddings", "embed"},
    {"encoding", "encod"},
    {"engines", "engin"},
    {"entropy", "entropi"},
    {"equests", "equest"},
    {"ervice", "ervic"},
    {"estimated", "estim"},
    {"etween", "etween"},
    {"events", "event"},
    {"example", "exampl"},
    {"exclude", "exclud"},
    {"exical", "exic"},
    {"explain", "explain"},
    {"extraction", "extract"},
    {"failed", "fail"},
    {"faster", "faster"},
    {"fields", "field"},
    {"filters", "filter"},
    {"fitted", "fit"},
    {"folded", "fold"},
    {"forbidden", "forbidden"},
    {"frames", "frame"},
    {"function", "function"},
    {"generation", "generat"},
    {"globals", "global"},
    {"grounded", "ground"},
    {"halved", "halv"},
    {"happened", "happen"},
    {"heading", "head"},
    {"hidden", "hidden"},
    {"homophone", "homophon"},
    {"hypothetical", "hypothet"},
    {"ilters", "ilter"},
    {"imports", "import"},
    {"indented", "indent"},
    {"information", "inform"},
    {"inputs", "input"},
    {"instead", "instead"},
    {"intern", "intern"},
    {"inverted", "invert"},
    {"istance", "istanc"},
    {"jansson", "jansson"},
    {"judging", "judg"},
    {"kilobytes", "kilobyt"},
    {"language", "languag"},
    {"latency", "latenc"},
    {"learning", "learn"},
    {"lenient", "lenient"},
    {"library", "librari"},
    {"likeness", "like"},
    {"litres", "litr"},
    {"locomo", "locomo"},
    {"looking", "look"},
    {"machine", "machin"},
    {"manner", "manner"},
    {"markdown", "markdown"},
    {"matter", "matter"},
    {"measured", "measur"},
    {"memcpy", "memcpi"},
    {"merges", "merg"},
    {"method", "method"},
    {"milliseconds", "millisecond"},
    {"mistake", "mistak"},
    {"modules", "modul"},
    {"mplemented", "mplement"},
    {"mutual", "mutual"},
    {"ncludes", "nclude"},
    {"negated", "negat"},
    {"nested", "nest"},
    {"nheritance", "nherit"},
    {"normalise", "normalis"},
    {"npacking", "npack"},
    {"number", "number"},
    {"obertson", "obertson"},
    {"ocument", "ocument"},
    {"olarity", "olar"},
    {"ompare", "ompar"},
    {"onditions", "ondit"},
    {"ontinue", "ontinu"},
    {"operating", "oper"},
    {"optional", "option"},
    {"orthogonal", "orthogon"},
    {"others", "other"},
    {"outlive", "outliv"},
    {"overlong", "overlong"},
    {"packages", "packag"},
    {"parameters", "paramet"},
    {"parses", "pars"},
    {"passes", "pass"},
    {"pening", "pene"},
    {"person", "person"},
    {"pieces", "piec"},
    {"pointer", "pointer"},
    {"polite", "polit"},
    {"postfix", "postfix"},
    {"prefetched", "prefetch"},
    {"prices", "price"},
    {"probabilities", "probabl"},
    {"product", "product"},
    {"prompts", "prompt"},
    {"pruning", "prune"},
    {"publishes", "publish"},
    {"queries", "queri"},
    {"quotient", "quotient"},
    {"ranking", "rank"},
    {"reader", "reader"},
    {"reason", "reason"},
    {"recipes", "recip"},
    {"recursion", "recurs"},
    {"refused", "refus"},
    {"release", "releas"},
    {"skies", "sky"},
    {"dying", "die"},
    {"news", "news"},
    {"inning", "inning"},
    {"proceed", "proceed"},
    {"succeed", "succeed"},
    {"early", "earli"},
    {"generously", "generous"},
    {"communism", "communism"},
    {"hopping", "hop"},
    {"hoping", "hope"},
    {"ties", "tie"},
    {"cries", "cri"},
    {"agreed", "agre"},
    {"plastered", "plaster"},
    {"relational", "relat"},
};

static void stems_are_those_of_the_whole_library(void **state)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *stem = words[i][1];

		kb_terms_reset(&terms);
		kb_analyze(an, words[i][0], strlen(words[i][0]), &terms);
		assert_int_equal(terms.items[0].text_len, strlen(stem));
		assert_memory_equal(terms.text + terms.items[0].text_off, stem,
				    strlen(stem));
	}
	kb_terms_release(&terms);
	kb_analyzer_free(an);
}

/* Words that are said to be their own stem, remembered ones and new ones: those
 * of every end of three letters. */
static void no_end_escapes_the_stemmer(void **state)
{
	static const char *const heads[] = {"comput", "y", "gener", "hop"};
	struct sb_stemmer *library = sb_stemmer_new("english", "ISO_8859_1");
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	(void)state;
	for (size_t i = 0; i < 4 * 26 * 26 * 26; i++) {
		char word[32];
		size_t len = (size_t)snprintf(
		    word, sizeof(word), "%s%c%c%c", heads[i % 4],
		    (char)('a' + i / 4 % 26), (char)('a' + i / 104 % 26),
		    (char)('a' + i / 2704 % 26));
		const char *stem = (const char *)sb_stemmer_stem(
		    library, (const sb_symbol *)word, (int)len);
		size_t n = (size_t)sb_stemmer_length(library);
		bool differs = n != len || memcmp(stem, word, len);

		kb_terms_reset(&terms);
		kb_analyze(an, word, len, &terms);
		kb_analyze(an, word, len, &terms);
		assert_int_equal(terms.n, differs ? 4 : 2);
		for (size_t k = 0; k < terms.n; k++) {
			const struct kb_term *t = &terms.items[k];
			bool exact = differs && k % 2;
			struct kb_str is = {terms.text + t->text_off,
					    t->text_len};

			assert_true(
			    kb_str_eq(is, exact ? (struct kb_str){word, len}
						: (struct kb_str){stem, n}));
			assert_true(t->key == kb_term_key(exact ? KB_TERM_EXACT
								: KB_TERM_WORD,
							  is.ptr, is.len));
		}
	}
	kb_terms_release(&terms);
	kb_analyzer_free(an);
	sb_stemmer_delete(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stems_are_those_of_the_whole_library),
	    cmocka_unit_test(no_end_escapes_the_stemmer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
