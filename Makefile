# storyphoto -- GNU make. `make help` lists the targets.
#
# One build folder a flavour: build/ (gcc or $(CC)), build-asan/ (SAN=address,undefined),
# build-fuzz/. Objects come from wildcards: a new .c file in a folder of src/ needs no line here.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/storyphoto
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man

# ---- Debian packages, in three lists -----------------------------------------------------------
DEBS_BUILD := gcc libc6-dev pkg-config libglib2.0-dev libjson-glib-dev libjpeg62-turbo-dev \
              libwebp-dev libzimg-dev liblcms2-dev libvips-dev zlib1g-dev libavcodec-dev \
              libexif-dev libseccomp-dev libssl-dev libsqlite3-dev libarchive-dev
DEBS_DEMO := libimage-exiftool-perl
DEBS_TEST := jq libjpeg-turbo-progs webp libjpeg62-turbo-dev mandoc perl \
             libglib2.0-bin procps e2fsprogs util-linux libheif-dev libaom-dev \
             libheif-examples netpbm libde265-dev exiv2 valgrind \
             python3-jsonschema
DEBS_EXTRA := chromium fonts-dejavu-core strace sqlite3 slurm-wlm munge parallel \
              libyaml-libyaml-perl curl nodejs python3-flask php-cli php php-cgi \
              php-mysql php-gd php-xml mariadb-server-core wordpress wordpress-theme-twentytwentythree \
              mini-httpd # which serves nothing: wordpress wants one, and apache2 would listen
DEBS_PACKAGE := zsh fish dpkg-dev debhelper lintian debootstrap
DEBS_LINT := pahole clang clang-format clang-tidy libclang-rt-14-dev binutils codespell shellcheck
DEBS_FUZZ := llvm afl++

# ---- flavours ----------------------------------------------------------------------------------
Q := $(if $(V),,@) # V=1 shows the commands
say = @printf '  %-5s %s\n'
CC ?= gcc
SAN ?=
B ?= build$(if $(SAN),-asan)
CFLAGS ?= -O2 $(if $(findstring clang,$(CC)),-gdwarf-4,-g) # valgrind reads no DWARF 5 of clang's
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
        -Wno-missing-field-initializers
ifeq ($(findstring clang,$(CC)),)
WARN += -Werror=jump-misses-init
endif
ifdef CI
WARN += -Werror
endif
HARDEN := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
ifneq ($(SAN),)
HARDEN := -fPIE -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer -DSP_SANITIZED=1
LDSAN := -fsanitize=$(SAN)
endif
COVER ?= # a fuzzer's counters, or those of lines
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDSAN) $(COVER)

# Library headers are not ours to warn about: -isystem.
pc_cflags = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(1) 2>/dev/null))
pc_libs = $(shell pkg-config --libs $(1) 2>/dev/null)

# ---- programs: one package list each, so that the supervisor links no codec ----------------------
# A new renderer is its name in RENDERERS, its list here and its main-*.c.
PKG_SUPERVISOR := glib-2.0 gio-2.0 json-glib-1.0
PKG_BULK := $(PKG_SUPERVISOR) libcrypto sqlite3 libarchive # what `batch` and `stream` need besides
PKG_LOCK := libseccomp # whatever forks children
PKG_RENDER_jpeg := glib-2.0 $(PKG_LOCK) libjpeg libwebp zimg lcms2 libexif zlib
PKG_RENDER_vips := glib-2.0 $(PKG_LOCK) gmodule-2.0 vips libjpeg libwebp zimg lcms2 libexif zlib
PKG_RENDER_hevc := glib-2.0 $(PKG_LOCK) libavcodec libavutil libjpeg libwebp zimg lcms2 libexif zlib
PKG_INSPECT := glib-2.0 $(PKG_LOCK) libexif zlib
PKG_UNTAR := glib-2.0 $(PKG_LOCK) libarchive
PKG_UPLOAD := libjpeg lcms2
PKG_FLOOR := libjpeg zimg libwebp lcms2 # bench/floor: nothing of ours but the quantisation tables, which are data
PKG_PICTURE := libwebp libwebpmux libheif aom lcms2 zlib
PKG_ALL := $(PKG_BULK) $(PKG_RENDER_jpeg) $(PKG_RENDER_vips) $(PKG_RENDER_hevc)

LIB_FOLDERS := base preset sandbox container audit pipeline
LIB_SRC := $(wildcard $(LIB_FOLDERS:%=src/%/*.c))
BULK_SRC := $(filter-out src/bulk/main-%.c,$(wildcard src/bulk/*.c))
CMD_SRC := $(filter-out src/cmd/main%.c,$(wildcard src/cmd/*.c))
SELFTEST_SRC := $(wildcard src/selftest/*.c) # in storyphoto alone, as the doctor
DOCTOR_SRC := $(wildcard src/doctor/*.c)
INVENTORY_SRC := $(filter-out src/inventory/main-%.c,$(wildcard src/inventory/*.c))
RENDER_SRC := $(filter-out src/render/main-%.c,$(wildcard src/render/*.c)) $(INVENTORY_SRC)
obj = $(patsubst %.c,$(B)/%.o,$(1))

BUILD_ID := $(shell cat Makefile $(wildcard src/*.h src/*/*.[ch]) 2>/dev/null | sha256sum | cut -c1-24)
DEFS = -D_GNU_SOURCE -DG_LOG_DOMAIN='"storyphoto"' -DSP_VERSION='"$(VERSION)"'
ALL_CFLAGS = -std=gnu11 $(CPPFLAGS) $(CFLAGS) -fdebug-prefix-map=$(CURDIR)=. $(COVER) $(WARN) $(HARDEN) $(DEFS) -Isrc -MMD -MP -pthread

RENDERERS := storyphoto-render-jpeg storyphoto-render-vips storyphoto-render-hevc
SEALED := $(RENDERERS) storyphoto-inspect storyphoto-untar # what is started by storyphoto alone
INNER := storyphoto-bulk $(SEALED) # all that lies in LIBEXECDIR
PROGRAMS := $(B)/storyphoto $(INNER:%=$(B)/%)
UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test-*.c))
TOOLS := $(patsubst %,$(B)/tests/%,make-upload make-picture make-hard make-graphic \
           make-heif-seeds look without)
LIARS := $(B)/tests/liar $(B)/tests/captive

all: $(PROGRAMS) ## build storyphoto, and the programs beside it that it starts
.DEFAULT_GOAL := staged

# ---- rules -------------------------------------------------------------------------------------
$(B)/src/%.o: src/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
# Loops over samples that gcc makes vectors of at -O3 only.
$(patsubst %,$(B)/src/render/%.o,colour colour-rows jpeg-overshoot likeness limited opsin readback \
  sharpen spectrum thumbhash): CFLAGS += -O3
# Where floating-point numbers decide of bytes: the same on processors that can fuse operations.
$(B)/src/render/likeness.o: CFLAGS += -ffp-contract=off
$(B)/bench/%.o: bench/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -Itests -c -o $@ $<
$(B)/tests/%.o: tests/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -Itests -c -o $@ $<
PC_CFLAGS := $(call pc_cflags,$(PKG_ALL))

# Another compiler or other flags start a build folder anew, instead of mixing objects.
FLAGS_NOW := $(CC) $(CFLAGS) $(COVER) $(HARDEN) $(SAN) $(VERSION)
$(B)/flags:
	@mkdir -p $(B) && printf '%s\n' "$(FLAGS_NOW)" >$@
ifneq ($(wildcard $(B)/flags),)
ifneq ($(shell cat $(B)/flags),$(FLAGS_NOW))
$(shell rm -rf $(B))
endif
endif

# Both ends of the wire know the sources that they were built from.
$(B)/build-id: FORCE
	@mkdir -p $(B); echo '$(BUILD_ID)' | cmp -s - $@ || echo '$(BUILD_ID)' >$@
$(B)/src/sandbox/wire.o: DEFS += -DSP_BUILD_ID='"$(BUILD_ID)"'
$(B)/src/sandbox/wire.o: $(B)/build-id

# The path of the renderers is compiled in: one object, built twice.
$(B)/src/sandbox/path.o: DEFS += -DSP_LIBEXECDIR='"$(abspath $(B))"'
$(B)/path-installed.o: src/sandbox/path.c FORCE | $(B)/flags
	@$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -DSP_LIBEXECDIR='"$(LIBEXECDIR)"' -c -o $@ $<

$(B)/libstoryphoto.a: $(call obj,$(LIB_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libstoryphoto-installed.a: $(filter-out %/sandbox/path.o,$(call obj,$(LIB_SRC))) \
                               $(B)/path-installed.o
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libdoctor.a: $(call obj,$(DOCTOR_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libselftest.a: $(call obj,$(SELFTEST_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/librender.a: $(call obj,$(RENDER_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^

# Each command's object is linked into the program whose table names it.
$(B)/libcmd.a: $(call obj,$(CMD_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libbulk.a: $(call obj,$(BULK_SRC))
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/storyphoto $(B)/storyphoto-installed: PKG_PROGRAM := $(PKG_SUPERVISOR)
$(B)/storyphoto-bulk $(B)/storyphoto-bulk-installed: PKG_PROGRAM := $(PKG_BULK)
$(B)/storyphoto $(B)/storyphoto-installed: $(B)/src/cmd/main.o $(B)/libcmd.a $(B)/libselftest.a $(B)/libdoctor.a
$(B)/storyphoto-bulk $(B)/storyphoto-bulk-installed: $(B)/src/cmd/main-bulk.o $(B)/libcmd.a
$(B)/storyphoto $(B)/storyphoto-bulk: $(B)/libbulk.a $(B)/libstoryphoto.a
$(B)/storyphoto-installed $(B)/storyphoto-bulk-installed: $(B)/libbulk.a $(B)/libstoryphoto-installed.a
$(foreach end,storyphoto storyphoto-bulk,$(B)/$(end) $(B)/$(end)-installed):
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_PROGRAM)) -lm
$(RENDERERS:%=$(B)/%): $(B)/storyphoto-render-%: $(B)/src/render/main-%.o $(B)/librender.a \
                       $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_RENDER_$*)) -lm
# No object of src/render/ is at hand: it decodes no pixel.
$(B)/storyphoto-inspect: $(call obj,src/inventory/main-inspect.c $(INVENTORY_SRC)) $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_INSPECT)) -lm
$(B)/storyphoto-untar: $(B)/src/bulk/main-untar.o $(B)/src/bulk/tar-frame.o $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_UNTAR)) -lm

$(UNIT_TESTS): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/librender.a $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_ALL)) $(TEST_LIBS) -lm
# Their HEICs are made, and read a second time, by libheif and libde265.
HEIC_TESTS := test-hevc-codec test-hevc-decode test-develop-hevc
$(HEIC_TESTS:%=$(B)/tests/unit/%): TEST_LIBS = $(call pc_libs,libheif libde265)
SELFTEST_TESTS := test-canary test-selftest-tar test-slot
$(SELFTEST_TESTS:%=$(B)/tests/unit/%): $(B)/libselftest.a
$(SELFTEST_TESTS:%=$(B)/tests/unit/%): TEST_LIBS = $(B)/libstoryphoto.a $(call pc_libs,$(PKG_SUPERVISOR))
DOCTOR_TESTS := test-doctor
$(DOCTOR_TESTS:%=$(B)/tests/unit/%): $(B)/libdoctor.a
$(DOCTOR_TESTS:%=$(B)/tests/unit/%): TEST_LIBS = $(B)/libbulk.a $(B)/libstoryphoto.a $(call pc_libs,$(PKG_SUPERVISOR))
CMD_TESTS := test-progress test-explain
$(CMD_TESTS:%=$(B)/tests/unit/%): $(B)/libcmd.a
$(CMD_TESTS:%=$(B)/tests/unit/%): TEST_LIBS = $(B)/libstoryphoto.a $(call pc_libs,$(PKG_SUPERVISOR))
# A tool is its own file, with parts that tools share and, of make-picture, a file a format.
TOOL_PARTS := $(addprefix $(B)/tests/data/,draw.o options.o secrets.o)
$(B)/tests/make-picture: $(call obj,$(wildcard tests/data/picture*.c))
$(B)/tests/make-picture $(B)/tests/make-upload: $(TOOL_PARTS)
$(B)/tests/make-hard $(B)/tests/make-graphic: $(TOOL_PARTS) $(B)/tests/data/canvas.o
$(B)/tests/make-upload $(B)/tests/make-hard: PKG_TOOL := $(PKG_UPLOAD)
$(B)/tests/make-picture: PKG_TOOL := $(PKG_PICTURE)
$(B)/tests/make-graphic: PKG_TOOL := $(PKG_UPLOAD) zlib
$(B)/tests/make-heif-seeds: PKG_TOOL := glib-2.0
$(TOOLS): $(B)/tests/%: $(B)/tests/data/%.o
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(if $(PKG_TOOL),$(call pc_libs,$(PKG_TOOL))) -lm
# What it tries is what a lock would end: it has one that locks nothing.
$(B)/tests/liar: $(call obj,$(filter-out %/captive.c,$(wildcard tests/liars/*.c))) $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,glib-2.0) -lm
# And this one tries it behind the real one.
$(B)/tests/captive: $(B)/tests/liars/captive.o $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,glib-2.0 $(PKG_LOCK)) -lm

# ---- presets: compiled in, so that nothing is read from disk at run time --------------------------
PRESET_FILES := $(sort $(wildcard presets/*.ini))
# Written each time, replaced only when it differs: so a preset that is gone is noticed too.
$(B)/presets.c: $(PRESET_FILES) FORCE | $(B)/flags
	@{ printf '#include "preset/builtin.h"\nconst char *const sp_builtin_names[] = {\n'; \
	printf '    "%s",\n' $(basename $(notdir $(PRESET_FILES))); \
	printf '    NULL,\n};\nconst char *const sp_builtin_texts[] = {\n'; \
	for file in $(PRESET_FILES); do \
		sed 's/[\\"]/\\&/g; s/^/    "/; s/$$/\\n"/' $$file && echo '    ,' || exit; \
	done; printf '    NULL,\n};\n'; } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(B)/presets.o: $(B)/presets.c
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/libstoryphoto.a $(B)/libstoryphoto-installed.a: $(B)/presets.o

# ---- sentences: one file, for translators ---------------------------------------------------------
$(B)/sentences.c: src/base/sentences.ini | $(B)/flags
	@{ printf '#include "base/sentence.h"\nconst char sp_sentences_text[] =\n' && \
	sed 's/[\\"]/\\&/g; s/^/    "/; s/$$/\\n"/' $< && echo '    ;'; } >$@.new && mv $@.new $@
$(B)/sentences.o: $(B)/sentences.c
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/libstoryphoto.a $(B)/libstoryphoto-installed.a: $(B)/sentences.o

# ---- style and script of a report, which stand in each of its pages --------------------------------
$(B)/report-text.c: src/bulk/report.css src/bulk/report.js | $(B)/flags
	@{ printf '#include "bulk/report-html.h"\n'; \
	for end in css js; do \
		printf 'const char sp_report_%s[] =\n' $$end && \
		sed 's/[\\"]/\\&/g; s/^/    "/; s/$$/\\n"/' src/bulk/report.$$end && echo '    ;' || exit; \
	done; } >$@.new && mv $@.new $@
$(B)/report-text.o: $(B)/report-text.c
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/libbulk.a: $(B)/report-text.o

# ---- tests -------------------------------------------------------------------------------------
# make test [CORPUS=DIR] [T=tests/cli/process.t]: DIR holds real photos, for the suites in tests/corpus.
CORPUS ?=
CLI_TESTS := $(sort $(wildcard tests/cli/*.t))
CORPUS_TESTS := $(if $(CORPUS),$(sort $(wildcard tests/corpus/*.t)))
CORPUS_TOOLS := $(patsubst %.c,$(B)/%,$(wildcard tests/corpus/*.c))
BENCHES := $(patsubst %.c,$(B)/%,$(filter-out bench/floor%.c bench/make-photo.c,$(wildcard bench/*.c)))
FUZZ_REPLAY := $(patsubst tests/fuzz/fuzz-%.c,$(B)/tests/fuzz/replay-%,$(wildcard tests/fuzz/fuzz-*.c))
T ?= $(UNIT_TESTS) $(CLI_TESTS) $(CORPUS_TESTS)
export ASAN_OPTIONS := fast_unwind_on_malloc=0:detect_stack_use_after_return=0
export LSAN_OPTIONS := suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0

$(CORPUS_TOOLS) $(BENCHES): $(B)/%: $(B)/%.o $(B)/librender.a $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_ALL)) -lm
$(B)/bench/floor: $(B)/bench/floor.o $(B)/bench/floor-colour.o $(B)/src/render/jpeg-quant.o
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call pc_libs,$(PKG_FLOOR)) -lm
$(B)/bench/make-photo: $(B)/bench/make-photo.o $(TOOL_PARTS)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call pc_libs,$(PKG_UPLOAD)) -lm
# What `make bench` works on where no photos are given.
$(B)/bench/photos/made: bench/photos.txt $(B)/bench/make-photo
	@rm -rf $(@D) && mkdir -p $(@D)
	$(say) MAKE $(@D)
	@grep -v '^#' $< | while read -r name options; do \
		$(B)/bench/make-photo $$options $(@D)/$$name.jpg || exit; done && touch $@
# And what `make quality` works on besides.
$(B)/bench/graphics/made: bench/graphics.txt $(B)/tests/make-graphic
	@rm -rf $(@D) && mkdir -p $(@D)
	$(say) MAKE $(@D)
	@grep -v '^#' $< | while read -r name options; do \
		$(B)/tests/make-graphic $$options $(@D)/$$name.png || exit; done && touch $@
FUZZ_INIT := $(addprefix $(B)/tests/fuzz/,init.o memory.o)
$(B)/tests/fuzz/replay-%: $(B)/tests/fuzz/fuzz-%.o $(B)/tests/fuzz/main.o $(FUZZ_INIT) $(B)/librender.a $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_ALL)) -lm

check-build: $(PROGRAMS) $(UNIT_TESTS) $(TOOLS) $(LIARS) $(CORPUS_TOOLS) $(FUZZ_REPLAY) $(BENCHES) $(B)/bench/floor $(B)/bench/make-photo
check: check-build ## run all tests with what is installed
	@BUILD=$(abspath $(B)) CORPUS=$(CORPUS) prove -j2 -Itests --merge -e tests/one.sh $(T)
test: setup-test ## install what the tests need, build, run all tests
	@$(MAKE) --no-print-directory check
# What needs large programs besides: a browser, schedulers. T=tests/extra/report.t: that one.
# budget.t: MORE=DIR, real photos besides. killed.t: ROUNDS=500 kills instead of 40. faults.t: STEP=1 for each call, which takes an hour.
EXTRA_TOOLS := $(patsubst %.c,$(B)/%,$(filter-out %/fault.c,$(wildcard tests/extra/*.c)))
FAULT := $(B)/tests/extra/fault.so
$(EXTRA_TOOLS): $(B)/%: $(B)/%.o $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_BULK)) -lm
$(FAULT): tests/extra/fault.c | $(B)/flags
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -D_GNU_SOURCE -fPIC -shared -o $@ $<
test-extra: setup-extra ## install a browser and more, run the suites in tests/extra
	@$(MAKE) --no-print-directory all $(TOOLS) $(EXTRA_TOOLS) $(FAULT)
	@BUILD=$(abspath $(B)) prove --merge -e tests/one.sh \
	  $(if $(filter command%,$(origin T)),$(T),$(sort $(wildcard tests/extra/*.t)))
asan: setup-lint ## all tests under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory SAN=address,undefined CFLAGS='-O1 -g' check

demo: setup-demo ## install what is missing, build, show a sample upload before and after
	@echo 'building storyphoto, which takes a minute or two ...'
	@$(MAKE) --no-print-directory all $(B)/tests/make-upload
	@BUILD=$(abspath $(B)) tests/demo.sh

# ---- fuzzing: make fuzz [T=3600] [ENGINE=afl] [TARGETS="sniff hevc"] ---------------------------------
# Here T is seconds a target. Objects with coverage stand in a build folder of their own.
ENGINE ?= libfuzzer
TARGETS ?= $(sort $(patsubst tests/fuzz/fuzz-%.c,%,$(wildcard tests/fuzz/fuzz-*.c)))
FUZZ_B := build-fuzz$(filter -afl,-$(ENGINE))
FUZZ_libfuzzer := CC=clang CFLAGS='-O1 -g' COVER=-fsanitize=fuzzer-no-link
FUZZ_afl := CC=afl-clang-fast CFLAGS='-O1 -g'
FUZZ_FLAGS = $(or $(FUZZ_$(ENGINE)),$(error ENGINE is libfuzzer or afl, not $(ENGINE)))
$(B)/tests/fuzz/fuzz-%: $(B)/tests/fuzz/fuzz-%.o $(FUZZ_INIT) $(B)/librender.a $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ -pthread $(call pc_libs,$(PKG_ALL)) -lm
fuzzers: $(TARGETS:%=$(B)/tests/fuzz/fuzz-%)
fuzz: setup-fuzz ## run every fuzz target for T seconds (60); ENGINE=afl: with AFL++
	@$(MAKE) --no-print-directory all $(TOOLS)
	@$(MAKE) --no-print-directory B=$(FUZZ_B) SAN=address,undefined $(FUZZ_FLAGS) fuzzers
	@BUILD=$(abspath $(B)) tests/fuzz/run.sh $(FUZZ_B) $(ENGINE) \
	  $(if $(filter command%,$(origin T)),$(T),60) $(TARGETS)
fuzz-lines: setup-fuzz ## the share of each reader's lines that its seeds and found inputs reach
	@$(MAKE) --no-print-directory all $(TOOLS)
	@$(MAKE) --no-print-directory B=build-lines CC=clang \
	  CFLAGS='-O0 -g' COVER='-fprofile-instr-generate -fcoverage-mapping' $(FUZZ_REPLAY:$(B)/%=build-lines/%)
	@BUILD=$(abspath $(B)) tests/fuzz/lines.sh build-lines $(TARGETS)

# docs/BENCH.md: make bench [PHOTOS="DIR or files"] [PEERS=sharp,ffmpeg] [PARTS=upload,batch]
#   [PAIRS=15] [BINS=DIR:DIR] [SHARP=DIR] [JSON=FILE] [SVG=FILE]
bench_option = $(if $($(2)),--$(1) '$($(2))')
BENCH_TOOLS := $(addprefix $(B)/,bench/floor bench/make-photo tests/make-upload)
bench: all $(BENCH_TOOLS) $(if $(PHOTOS),,$(B)/bench/photos/made) ## compare with the peers that are installed, and with the floor
	@bench/compare.pl --build $(B) $(call bench_option,pairs,PAIRS) $(call bench_option,peers,PEERS) \
	  $(call bench_option,parts,PARTS) $(call bench_option,bins,BINS) $(call bench_option,sharp,SHARP) \
	  $(call bench_option,json,JSON) $(call bench_option,svg,SVG) -- $(or $(PHOTOS),$(B)/bench/photos)

# docs/QUALITY.md: make quality METRIC=/path/to/ssimulacra2 [PHOTOS="DIR or files"] [GRAPHICS="DIR or files"]
#   [PRESETS=story,x.ini] [PEERS=sharp,cwebp] [GRID=40,60,80] [ROUNDS=5] [BINS=DIR:DIR] [SHARP=DIR] [JSON=FILE] [SVG=FILE]
QUALITY_OPTIONS := metric presets peers grid rounds bins sharp json svg
upper = $(shell echo $(1) | tr a-z A-Z)
quality: all $(BENCH_TOOLS) $(if $(PHOTOS),,$(B)/bench/photos/made) $(if $(GRAPHICS),,$(B)/bench/graphics/made) ## bytes at equal perceived quality, against the peers (METRIC=ssimulacra2)
	@bench/quality.pl --build $(B) $(foreach o,$(QUALITY_OPTIONS),$(call bench_option,$(o),$(call upper,$(o)))) \
	  --photos $(or $(PHOTOS),$(B)/bench/photos) --graphics $(or $(GRAPHICS),$(B)/bench/graphics)

# make bench-check [SHORT=1] [UPDATE=1]: in little time, as CI does it; write bench/baseline.json anew.
bench-check: setup-test ## has anything become slower than bench/baseline.json says?
	@$(MAKE) -s --no-print-directory all $(TOOLS) $(addprefix $(B)/bench/,count floor make-photo)
	@BUILD=$(abspath $(B)) bench/check.pl $(if $(SHORT),--short) $(if $(UPDATE),--update)
growth: all $(B)/tests/make-upload ## plot time and memory, over megapixels and over jobs at once
	@BUILD=$(abspath $(B)) bench/growth.pl

scale: all $(if $(PHOTOS),,$(B)/bench/photos/made) ## what do all cores give a batch? (PHOTOS=DIR, PAIRS=9)
	@BUILD=$(abspath $(B)) bench/scale.pl --pairs $(or $(PAIRS),9) $(or $(PHOTOS),$(B)/bench/photos)

N ?= 10000
soak: check-build ## N uploads (10000) through one session: memory and descriptors must stay flat
	@SOAK=$(N) $(B)/tests/unit/test-soak

# What the sealed process costs: on the smallest upload there is, and on one of 12 megapixels.
SEAL_UPLOADS := $(B)/bench/1x1.jpg $(B)/bench/4032x3024.jpg
$(SEAL_UPLOADS): $(B)/bench/%.jpg: $(B)/tests/make-upload
	@mkdir -p $(@D)
	@$< --size $* --noise 12 $@
seal-cost: all $(B)/bench/seal-cost $(SEAL_UPLOADS) ## time the sealed process against none (PAIRS=100)
	@$(B)/bench/seal-cost --pairs $(or $(PAIRS),100) $(or $(PHOTOS),$(SEAL_UPLOADS))

# ---- mutants: scratch copies with one fault each; a named test and the self-test must go red -------
mutants: setup-test ## make sure that the tests can fail: build faulty copies, run them
	@$(MAKE) --no-print-directory check-build
	@BUILD=$(abspath $(B)) tests/mutants/run.sh

# ---- lint: what no tool checks drifts ------------------------------------------------------------
C_FILES := $(sort $(wildcard src/*.h src/*/*.[ch] tests/*/*.[ch] bench/*.[ch] examples/*/*.c))
TIDY := $(filter %.c,$(C_FILES))
lint: setup-lint ## formatting, clang-tidy, headers alone, arrows between folders, NEEDED, modes, man pages, examples
	@$(MAKE) --no-print-directory run-lint
run-lint: all lint-format lint-headers lint-tidy
	@tests/lint/arrows.sh
	@tests/lint/needed.sh $(B)
	@tests/lint/abi.sh $(SHARED)
	@packaging/same-version.sh $(VERSION)
	@tests/lint/sizes.sh
	@tests/lint/modes.sh
	@tests/mutants/run.sh --fit
	@mandoc -T lint -W warning man/*.[1-8]
	@shellcheck docs/*.sh examples/*/*.sh examples/*/*.sbatch packaging/*.sh tests/lint/abi.sh debian/*.postrm
	@codespell -q 3 -L nd,alph,varaint,mot,mke -S 'src/selftest/pictures*.c,src/base/sentences.ini,*.svg' \
	  README.md CHANGELOG.md docs examples man src bench presets packaging debian Makefile
	@echo 'lint: clean'
lint-format:
	@clang-format --dry-run --Werror $(C_FILES)
lint-headers: $(patsubst %.h,$(B)/headers/%.ok,$(filter %.h,$(C_FILES)))
$(B)/headers/%.ok: %.h
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 $(WARN) -Werror $(DEFS) -Isrc -Itests $(PC_CFLAGS) -fsyntax-only -x c $< && touch $@
lint-tidy: $(patsubst %.c,$(B)/tidy/%.ok,$(TIDY))
$(B)/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=gnu11 -Wall -Wextra -Wno-missing-field-initializers \
	  $(DEFS) -DSP_BUILD_ID='""' -DSP_LIBEXECDIR='""' -Isrc -Itests $(PC_CFLAGS) 2>$@.log >$@.out || { cat $@.out; exit 1; }
	@touch $@

# ---- set-up: Debian packages by name, as root or through sudo -------------------------------------
setup-demo: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_DEMO)
setup-test: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_DEMO) $(DEBS_TEST)
setup-extra: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_DEMO) $(DEBS_TEST) $(DEBS_EXTRA) $(DEBS_PACKAGE)
setup-package: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_PACKAGE)
setup-lint: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_DEMO) $(DEBS_TEST) $(DEBS_LINT)
setup-fuzz: ; @tests/setup.sh $(DEBS_BUILD) $(DEBS_DEMO) $(DEBS_TEST) $(DEBS_LINT) $(DEBS_FUZZ)

include packaging/install.mk packaging/package.mk

clean: ## remove every build folder
	rm -rf build build-deb build-release build-asan build-clang build-fuzz build-fuzz-afl build-lines
print-%: ; @echo $($*)
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile packaging/*.mk | expand -t 14

.PHONY: all FORCE check check-build test test-extra setup-extra asan demo fuzz fuzzers fuzz-lines bench \
        bench-check quality growth scale soak seal-cost mutants lint run-lint lint-format lint-headers lint-tidy setup-demo \
        setup-test setup-extra setup-package setup-lint setup-fuzz deb release tarball reproducible abi \
        staged install uninstall clean help
FORCE:
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
