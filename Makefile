# kb: build, test and install. 'make help' lists the targets.
#
# BUILD=release (default), debug, asan (with UBSan), tsan, cov or fuzz chooses
# the flavour; each has its own directory, so switching rebuilds nothing.

VERSION = 0.2.0
BUILD   = release
PREFIX  = /usr/local
DESTDIR =
CC      = cc
AR      = ar
PKG_CONFIG = pkg-config

bindir  = $(PREFIX)/bin
mandir  = $(PREFIX)/share/man
unitdir = $(PREFIX)/lib/systemd/user
docdir  = $(PREFIX)/share/doc/kb
bashdir = $(PREFIX)/share/bash-completion/completions
zshdir  = $(PREFIX)/share/zsh/site-functions
fishdir = $(PREFIX)/share/fish/vendor_completions.d
unitdir = $(PREFIX)/lib/systemd/user
docdir  = $(PREFIX)/share/doc/kb

out = build$(if $(filter release,$(BUILD)),,/$(BUILD))

xml2 := $(shell $(PKG_CONFIG) --cflags libxml-2.0 2>/dev/null)

warn = -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wvla -Wundef \
	-Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
	-Wconversion -Wimplicit-fallthrough -Werror=implicit-function-declaration \
	-Werror=incompatible-pointer-types -Werror=int-conversion
harden = -fstack-protector-strong -fPIE
opt_release = -O3 -g1 -DNDEBUG -D_FORTIFY_SOURCE=2
opt_debug   = -O0 -g
opt_asan    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
opt_tsan    = -O1 -g -fsanitize=thread
opt_cov     = -O0 -g --coverage
opt_fuzz    = -O1 -g -fsanitize=fuzzer-no-link,address,undefined

WERROR =
CFLAGS = $(opt_$(BUILD))
cflags = -std=c17 -D_GNU_SOURCE -DKB_VERSION='"$(VERSION)"' \
	-ffp-contract=off -ffile-prefix-map=$(CURDIR)=. -Ilib -pthread \
	$(warn) $(WERROR) $(harden) $(CFLAGS) $(xml2:-I%=-isystem %) $(CPPFLAGS) \
	$(asserts)
# Tests find with assert() in every flavour.
asserts = $(if $(findstring /obj/tests/,$@),-UNDEBUG)
checked = $(filter -fsanitize% --coverage,$(CFLAGS))
ldflags = $(or $(pie),-pie) -Wl,-z,relro,-z,now -Wl,--as-needed -pthread \
	$(checked) $(LDFLAGS)

# The libraries are linked statically where an archive is installed: a shell
# starts these programs thousands of times, and each shared object costs
# about 0.1 ms. libcurl is never linked; lib/net opens it when a request
# really goes out, and neither is libxml2, which lib/doc opens when a page of
# HTML comes. What reads documents is in kb-index alone.
in_all  = jansson pcre2-8 stemmer utf8proc zstd z
readers = cmark
installed = $(filter /%,$(shell $(CC) -print-file-name=$(1) 2>/dev/null))
# STATIC=no links them all as shared objects, as a distribution wants it.
STATIC = yes
static = $(or $(if $(filter yes,$(STATIC)),$(call installed,lib$(1).a)),-l$(1))
parts := $(foreach l,$(in_all),$(call static,$l))

# The stemmer's table names 27 languages, of which we ask for English. The
# tables of the others are full of addresses, each to be set for the place the
# program was loaded at: .63 ms a start of kb-search in the place of .40. The
# linker is told that their functions are nowhere, and leaves them out.
# tests/unit/test_stem.c and tests/pipe/links.t notice when the archive is
# not what this takes it for.
stemmer := $(filter %/libstemmer.a,$(parts))
only_english := $(if $(stemmer),$(out)/stemmer.ld)
libs := $(only_english) $(parts) \
	$(foreach l,$(readers),$(call static,$l)) -lm -ldl

# Nothing is left to load then but the C library, and a program without a
# dynamic linker starts another .2 ms sooner. kb-index, llm-call and kb-ask need
# one: iconv(3) and lib/net load what they use while they run.
loading = kb-index llm-call kb-ask
whole := $(and $(filter release,$(BUILD)),$(if $(checked),,yes),$(if \
	$(filter -l%,$(parts)),,yes),$(call installed,libc.a),$(call installed,rcrt1.o))
cmd_src := $(sort $(wildcard cmd/*.c))
alone := $(if $(whole),$(filter-out $(loading),$(cmd_src:cmd/%.c=%)))
$(alone:%=$(out)/%) $(alone:%=$(out)/linked/%): pie = -static-pie

lib_src  := $(sort $(filter-out lib/token/data/%,$(wildcard lib/*/*.c lib/*/*/*.c)))
unit_src := $(sort $(wildcard tests/unit/test_*.c))
fuzz_src := $(sort $(wildcard tests/fuzz/fuzz_*.c))
bench_src := $(sort $(wildcard tests/bench/*.c))

lib_obj  = $(lib_src:%.c=$(out)/obj/%.o)
programs = $(cmd_src:cmd/%.c=$(out)/%)
units    = $(unit_src:tests/unit/%.c=$(out)/unit/%)
fuzzers  = $(fuzz_src:tests/fuzz/%.c=$(out)/fuzz/%)
benches  = $(bench_src:tests/bench/%.c=$(out)/bench/%)
evals    = $(patsubst tests/eval/%.c,$(out)/eval/%,$(wildcard tests/eval/*.c))

# One short line a step; V=1 shows the commands.
run = $(if $(V),,@echo '  $(1)  $@' &&) $($(1))

all: programs

programs: $(programs)
units: $(units)
fuzzers: $(fuzzers)
benches: $(benches)

$(out)/stemmer.ld: $(stemmer) Makefile
	@mkdir -p $(@D)
	@nm -u $< | awk '/_(create_env|close_env|stem)$$/ && \
		!/ (english_ISO_8859_1|SN)_/ { print $$2 " = 0;" }' | sort -u >$@

$(out)/libkb.a: $(lib_obj) | $(only_english)
	@rm -f $@
	$(call run,AR) rcD $@ $(lib_obj)

$(out)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call run,CC) $(cflags) -MMD -MP -c -o $@ $<

# The tables of tokens are made of the files of ranks by a program of the tree's
# own, out of those parts of the library that need no tables.
vocabularies = o200k_base cl100k_base
packer_obj = $(patsubst %.c,$(out)/obj/%.o,lib/token/data/pack_tokens.c \
	$(wildcard lib/base/*.c) $(addprefix lib/token/,bpe_short.c bpe_long.c \
	bpe_whole.c bpe_build.c bpe_image.c tiktoken_file.c))

$(out)/pack-tokens: $(packer_obj)
	$(call run,CC) $(ldflags) -o $@ $^ $(parts) -lm

$(vocabularies:%=$(out)/token/%.bpe): $(out)/token/%_base.bpe: \
		lib/token/data/%_base.tiktoken.zst $(out)/pack-tokens
	@mkdir -p $(@D)
	$(if $(V),,@echo '  PACK  $@' &&) $(out)/pack-tokens $* $< $@

$(out)/obj/lib/token/bpe_builtin.o: $(vocabularies:%=$(out)/token/%.bpe)
$(out)/obj/lib/token/bpe_builtin.o: CPPFLAGS += -DKB_TOKEN_TABLES='"$(out)/token"'

$(programs): $(out)/%: $(out)/obj/cmd/%.o $(out)/libkb.a
	$(call run,CC) $(ldflags) -o $@ $< $(out)/libkb.a $(libs)

$(units): $(out)/unit/%: $(out)/obj/tests/unit/%.o $(out)/libkb.a
	@mkdir -p $(@D)
	$(call run,CC) $(ldflags) -o $@ $< $(out)/libkb.a -lcmocka $(libs)

$(fuzzers): $(out)/fuzz/%: $(out)/obj/tests/fuzz/%.o \
		$(if $(filter fuzz,$(BUILD)),,$(out)/obj/tests/fuzz/driver.o) \
		$(out)/libkb.a
	@mkdir -p $(@D)
	$(call run,CC) $(ldflags) $(if $(filter fuzz,$(BUILD)),-fsanitize=fuzzer) \
		-o $@ $(filter %.o,$^) $(out)/libkb.a $(libs)

$(benches): $(out)/bench/%: $(out)/obj/tests/bench/%.o $(out)/libkb.a
	@mkdir -p $(@D)
	$(call run,CC) $(ldflags) -o $@ $< $(out)/libkb.a $(libs)

$(evals): $(out)/eval/%: $(out)/obj/tests/eval/%.o $(out)/libkb.a
	@mkdir -p $(@D)
	$(call run,CC) $(ldflags) -o $@ $< $(out)/libkb.a $(libs)

# ---- what a developer or user asks for ----

deps:
	@sh tests/deps.sh

# The libraries are looked for when make reads this file, so what follows an
# installation runs in a make of its own.
check: deps
	@$(MAKE) --no-print-directory check-all

demo: deps
	@$(MAKE) --no-print-directory programs
	@KB_BIN=$(CURDIR)/$(out) sh tests/demo.sh

# Two small sentence models, Chinese and English, for kb-embed and --embed.
models: programs
	@sh tests/models.sh $(out) $(MODELS)

check-all: check-src programs units fuzzers benches
	@sh tests/run.sh $(out) unit fuzz pipe

check-unit: units
	@sh tests/run.sh $(out) unit
check-fuzz: fuzzers
	@sh tests/run.sh $(out) fuzz
check-pipe: programs benches
	@sh tests/run.sh $(out) pipe
# What runs in several threads; for BUILD=tsan.
check-threads: programs units benches
	@sh tests/run.sh $(out) threads

# What gcc finds on paths through functions; a compilation of its own, as it
# takes three times as long. A failed iconv_open() counts as a leak with it:
# LeakSanitizer looks for those.
analyze = -fanalyzer -O1 -Wno-analyzer-malloc-leak -Werror
check-analyzer:
	@$(MAKE) --no-print-directory out=build/analyzer CC=gcc \
		CFLAGS='$(analyze)' build/analyzer/libkb.a

check-src: $(out)/libkb.a
	@sh tests/floors.sh $(out)/libkb.a
	@sh tests/format.sh

# For tests/pipe/links.t.
libraries:
	@echo $(in_all) $(readers)

# SET='zh_cmrc2018 en_squad' chooses; DATA=DIR says where the sets are.
eval: programs
	@KB_BIN=$(CURDIR)/$(out) DATA=$(DATA) sh tests/eval/run.sh

# What the programs say about their options, for three shells; checked in.
completions: programs
	@sh tests/completions.sh $(out) completions

# What the programs print on their command lines, for tests/pipe/golden.t;
# checked in: look at the difference.
golden: programs
	@sh tests/golden.sh --write $(out)

# PARTS='start loop pass talks tokens one ask jobs large legs shot vector encoder build
# reply cache claims refresh classify'
# chooses.
bench: programs benches
	@KB_BIN=$(CURDIR)/$(out) DATA=$(DATA) sh tests/bench/run.sh $(PARTS)

fuzz:
	@$(MAKE) --no-print-directory BUILD=fuzz CC=clang fuzzers
	@sh tests/fuzz/explore.sh build/fuzz $(SECONDS)

units_of_systemd := $(wildcard packaging/systemd/*.service \
	packaging/systemd/*.timer packaging/systemd/*.path)
# What the examples of the manual pages ask of; they say where it is.
samples := tests/data/questions.jsonl tests/data/dialogues.jsonl

install: programs
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(bashdir) \
		$(DESTDIR)$(zshdir) $(DESTDIR)$(fishdir) \
		$(DESTDIR)$(unitdir) $(DESTDIR)$(docdir)/examples
	for file in $(units_of_systemd) packaging/samples/*; do case $$file in \
		*/samples/*) dir=$(docdir)/examples ;; *) dir=$(unitdir) ;; \
		esac; to=$(DESTDIR)$$dir/$${file##*/}; \
		sed 's|@bindir@|$(bindir)|g' $$file >$$to && chmod 644 $$to || \
		exit 1; done
	install -m 755 $(programs) $(DESTDIR)$(bindir)
	for page in man/*.[1-9]; do \
		dir=$(DESTDIR)$(mandir)/man$${page##*.}; \
		install -d $$dir && install -m 644 $$page $$dir || exit 1; done
	for p in $(notdir $(programs)); do \
		install -m 644 completions/$$p.bash $(DESTDIR)$(bashdir)/$$p && \
		install -m 644 completions/_$$p $(DESTDIR)$(zshdir) && \
		install -m 644 completions/$$p.fish $(DESTDIR)$(fishdir) || \
		exit 1; done
	install -d $(DESTDIR)$(docdir)/examples/shop/guides
	install -m 644 $(samples) $(DESTDIR)$(docdir)/examples
	install -m 644 $(wildcard tests/data/shop/*.*) $(DESTDIR)$(docdir)/examples/shop
	install -m 644 $(wildcard tests/data/shop/guides/*) \
		$(DESTDIR)$(docdir)/examples/shop/guides

uninstall:
	for p in $(notdir $(programs)); do rm -f $(DESTDIR)$(bindir)/$$p \
		$(DESTDIR)$(bashdir)/$$p $(DESTDIR)$(zshdir)/_$$p \
		$(DESTDIR)$(fishdir)/$$p.fish; done
	for page in man/*.[1-9]; do \
		rm -f $(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}; done
	rm -f $(addprefix $(DESTDIR)$(unitdir)/,$(notdir $(units_of_systemd)))
	rm -rf $(DESTDIR)$(docdir)/examples

# What is in each program, a line "PROGRAM PATH" for each archive with a member in
# it and for each shared object that it needs.
$(cmd_src:cmd/%.c=$(out)/linked/%): $(out)/linked/%: $(out)/obj/cmd/%.o \
		$(out)/libkb.a
	@mkdir -p $(@D)
	@$(CC) $(ldflags) -Wl,-Map=$@.map -o $@.program $< $(out)/libkb.a $(libs)
	@{ sed -n '/^Discarded/q; s/^\(\/[^ ]*\.a\)(.*/\1/p' $@.map; \
		ldd $@.program 2>&1 | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p'; } | \
		sort -u | sed 's,^,$* ,' >$@
	@rm -f $@.map $@.program

# SPDX, made of what is linked.
sbom: $(cmd_src:cmd/%.c=$(out)/linked/%)
	@cat $^ | SOURCE_DATE_EPOCH=$(epoch) python3 packaging/sbom.py \
		$(VERSION) >$(out)/kb-$(VERSION).spdx.json
	@echo $(out)/kb-$(VERSION).spdx.json

# When the tree was committed: the time in all that is made to be given away.
epoch = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null \
	|| date -r CHANGELOG.md +%s))

# The same tree gives the same bytes: names sorted, times from the commit.
dist:
	@mkdir -p build
	git archive --format=tar --prefix=kb-$(VERSION)/ HEAD | \
		gzip -n9 >build/kb-$(VERSION).tar.gz

# A Debian package of what is committed; build/deb has it and what it is made of.
deb:
	@sh packaging/deb.sh $(VERSION)

# One archive for any Linux of this kind of processor.
static: programs
	@SOURCE_DATE_EPOCH=$(epoch) sh packaging/static.sh $(out) $(VERSION) \
		$(loading)

# Both, installed in roots of their own: wants root and a Debian mirror.
check-packages:
	@KB_TEST_TIMEOUT=3600 sh tests/run.sh $(out) packages

help:
	@echo 'make            build the programs into build/'
	@echo 'make demo       install what is missing, build, answer the sample'
	@echo 'make check      install what is missing, build, run every test'
	@echo 'make deps       install what is missing (KB_NO_DEPS=1: only say)'
	@echo 'make models     bring and import two sentence models (Maven)'
	@echo 'make completions, golden   write what the tests compare anew'
	@echo 'make bench      measure speed beside installed peers'
	@echo 'make eval DATA=DIR   measure quality on data sets'
	@echo 'make fuzz SECONDS=60 explore with libFuzzer (clang)'
	@echo 'make install    PREFIX=/usr/local DESTDIR='
	@echo 'make deb        a Debian package (build/deb)'
	@echo 'make static     an archive for any Linux of this processor'
	@echo 'make check-packages   both, tried in roots of their own (root)'
	@echo 'make sbom       an SPDX document of what is linked'
	@echo 'make uninstall, dist, clean'
	@echo 'BUILD=release|debug|asan|tsan|cov|fuzz chooses the flavour'

clean:
	rm -rf build

-include $(shell find $(out)/obj -name '*.d' 2>/dev/null)

# For tests: what VERSION is.
version:
	@echo $(VERSION)

.PHONY: deb static check-packages sbom version libraries models completions golden all programs units fuzzers benches deps check demo \
	eval bench check-all check-src check-analyzer check-unit check-fuzz \
	check-pipe check-threads \
	fuzz install uninstall dist help clean
.DELETE_ON_ERROR:
.SECONDARY:
