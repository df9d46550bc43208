# storyphoto -- GNU make. `make help` lists the targets.
#
# One build folder a flavour: build/ (gcc or $(CC)), build-asan/ (SAN=address,undefined),
# build-fuzz/. Objects come from wildcards: a new .c file in a folder of src/ needs no line here.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/storyphoto
MANDIR ?= $(PREFIX)/share/man

# ---- Debian packages, in three lists -----------------------------------------------------------
DEBS_BUILD := gcc libc6-dev pkg-config libglib2.0-dev libjson-glib-dev libjpeg62-turbo-dev \
              libwebp-dev libzimg-dev liblcms2-dev
DEBS_TEST := jq libimage-exiftool-perl libjpeg-turbo-progs webp libjpeg62-turbo-dev mandoc perl \
             libglib2.0-bin procps e2fsprogs util-linux
DEBS_LINT := clang clang-format clang-tidy libclang-rt-14-dev binutils codespell

# ---- flavours ----------------------------------------------------------------------------------
CC ?= gcc
SAN ?=
B ?= build$(if $(SAN),-asan)
CFLAGS ?= -O2 -g
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
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDSAN)

# Library headers are not ours to warn about: -isystem.
pc_cflags = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(1) 2>/dev/null))
pc_libs = $(shell pkg-config --libs $(1) 2>/dev/null)

# ---- programs: one package list each, so that the supervisor links no codec ----------------------
PKG_SUPERVISOR := glib-2.0 json-glib-1.0
PKG_RENDER_JPEG := glib-2.0 libjpeg libwebp zimg lcms2
PKG_ALL := $(PKG_SUPERVISOR) $(PKG_RENDER_JPEG)

LIB_FOLDERS := base preset sandbox container audit pipeline
LIB_SRC := $(wildcard $(LIB_FOLDERS:%=src/%/*.c))
CMD_SRC := $(wildcard src/cmd/*.c)
RENDER_SRC := $(filter-out src/render/main.c,$(wildcard src/render/*.c))
obj = $(patsubst %.c,$(B)/%.o,$(1))

BUILD_ID := $(shell cat Makefile $(wildcard src/*.h src/*/*.[ch]) 2>/dev/null | sha256sum | cut -c1-24)
DEFS = -D_GNU_SOURCE -DG_LOG_DOMAIN='"storyphoto"' -DSP_VERSION='"$(VERSION)"'
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) $(HARDEN) $(DEFS) -Isrc -MMD -MP -pthread

PROGRAMS := $(B)/storyphoto $(B)/storyphoto-render-jpeg
UNIT_TESTS := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test-*.c))
TOOLS := $(patsubst tests/data/%.c,$(B)/tests/%,$(wildcard tests/data/*.c))
LIARS := $(if $(wildcard tests/liars/liar.c),$(B)/tests/liar)

all: $(PROGRAMS) ## build storyphoto and the renderers beside it

# ---- rules -------------------------------------------------------------------------------------
$(B)/src/%.o: src/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/tests/%.o: tests/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -Itests -c -o $@ $<
PC_CFLAGS := $(call pc_cflags,$(PKG_ALL))

# Another compiler or other flags start a build folder anew, instead of mixing objects.
FLAGS_NOW := $(CC) $(CFLAGS) $(HARDEN) $(SAN) $(VERSION)
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
	ar rcs $@ $^
$(B)/librender.a: $(call obj,$(RENDER_SRC))
	@rm -f $@
	ar rcs $@ $^

$(B)/storyphoto: $(call obj,$(CMD_SRC)) $(B)/libstoryphoto.a
	$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_SUPERVISOR)) -lm
$(B)/storyphoto-installed: $(call obj,$(CMD_SRC)) $(B)/path-installed.o $(B)/libstoryphoto.a
	$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_SUPERVISOR)) -lm
$(B)/storyphoto-render-jpeg: $(B)/src/render/main.o $(B)/librender.a $(B)/libstoryphoto.a
	$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_RENDER_JPEG)) -lm

$(UNIT_TESTS): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/librender.a $(B)/libstoryphoto.a
	$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_ALL)) -lm
$(TOOLS): $(B)/tests/%: $(B)/tests/data/%.o
	$(CC) $(LDFLAGS) -o $@ $^ $(call pc_libs,$(PKG_ALL)) -lm
$(B)/tests/liar: $(B)/tests/liars/liar.o $(B)/libstoryphoto.a
	$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,glib-2.0) -lm

.PHONY: all FORCE
FORCE:
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
