# packaging/install.mk -- the shared library, and what `make install` puts where.
#
# The library's objects are built a second time, as -fPIC. What it exports stands in one list,
# debian/libstoryphoto0.symbols: the version script is made from it, dpkg compares it, and so
# does tests/lint/abi.sh, with the public header. All else is local to the library.
ABI := 0
SONAME := libstoryphoto.so.$(ABI)
SYMBOLS := debian/libstoryphoto$(ABI).symbols
SHARED := $(B)/libstoryphoto.so.$(VERSION)
EXPORTED := $(shell sed -n 's/^ \(sp_[a-z0-9_]*\)@.*/\1/p' $(SYMBOLS))
PIC_CFLAGS = $(filter-out -fPIE,$(ALL_CFLAGS)) -fPIC

$(B)/pic/src/%.o: src/%.c | $(B)/flags
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(PIC_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/pic/presets.o $(B)/pic/sentences.o: $(B)/pic/%.o: $(B)/%.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(PIC_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/pic/src/sandbox/wire.o: DEFS += -DSP_BUILD_ID='"$(BUILD_ID)"'
$(B)/pic/src/sandbox/wire.o: $(B)/build-id
$(B)/pic/src/sandbox/path.o: DEFS += -DSP_LIBEXECDIR='"$(LIBEXECDIR)"'
$(B)/pic/src/sandbox/path.o: FORCE
$(B)/pic/libstoryphoto.a: $(patsubst %.c,$(B)/pic/%.o,$(LIB_SRC)) $(B)/pic/presets.o \
                           $(B)/pic/sentences.o
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libstoryphoto.map: $(SYMBOLS)
	@{ echo 'STORYPHOTO_$(ABI) {'; echo 'global:'; printf '    %s;\n' $(EXPORTED); \
	echo 'local:'; echo '    *;'; echo '};'; } >$@
# From an archive, by what is exported: so the renderers' half, and their libseccomp, stays out.
$(SHARED): $(B)/pic/libstoryphoto.a $(B)/libstoryphoto.map
	$(say) LD $@
	$(Q)$(CC) $(filter-out -pie,$(LDFLAGS)) -shared -Wl,-soname,$(SONAME) -Wl,-Bsymbolic -Wl,-z,defs \
	  -Wl,--version-script=$(B)/libstoryphoto.map $(EXPORTED:%=-Wl,-u,%) -o $@ $< \
	  -pthread $(call pc_libs,$(PKG_SUPERVISOR)) -lm

run-lint: $(SHARED) # which is not known yet where that rule stands
# A change of it is made on purpose: then `make abi`, and the soname if what is there has changed.
abi: $(SHARED) ## write packaging/libstoryphoto.abi anew: what programs are built against
	@tests/lint/abi.sh --write $(SHARED)

# ---- files with paths in them --------------------------------------------------------------------
fill = sed 's|@VERSION@|$(VERSION)|; s|@PREFIX@|$(PREFIX)|; s|@BINDIR@|$(BINDIR)|; \
       s|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|; \
       s|@INCLUDEDIR@|$(INCLUDEDIR:$(PREFIX)/%=$${prefix}/%)|'
$(B)/installed/%: packaging/%.in FORCE
	@mkdir -p $(@D) && $(fill) $< >$@

# ---- completion: from the tables that the program runs by -------------------------------------------
# packaging/completion/ has what is the shell's, src/cmd/main-completion.c writes what is ours.
COMPLETION := $(addprefix $(B)/completion/,storyphoto.bash _storyphoto storyphoto.fish)
$(B)/commands.c: src/cmd/command.h | $(B)/flags
	@{ printf '#include "cmd/completion.h"\nconst SpCommand *const sp_completion_commands[] = {\n'; \
	sed -n 's/^extern const SpCommand \(sp_command_[a-z]*\);/    \&\1,/p' $<; \
	printf '    NULL,\n};\n'; } >$@
$(B)/commands.o: $(B)/commands.c
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(PC_CFLAGS) -c -o $@ $<
$(B)/write-completion: $(B)/src/cmd/main-completion.o $(B)/commands.o $(B)/libcmd.a \
                       $(B)/libselftest.a $(B)/libdoctor.a $(B)/libbulk.a $(B)/libstoryphoto.a
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -pthread $(call pc_libs,$(PKG_BULK)) -lm
$(B)/completion/storyphoto.bash: packaging/completion/bash $(B)/write-completion
	@mkdir -p $(@D) && $(B)/write-completion bash >$@ && cat $< >>$@
$(B)/completion/_storyphoto: packaging/completion/zsh $(B)/write-completion
	@mkdir -p $(@D) && $(B)/write-completion zsh >$@ && cat $< >>$@
$(B)/completion/storyphoto.fish: packaging/completion/fish $(B)/write-completion
	@mkdir -p $(@D) && cat $< >$@ && $(B)/write-completion fish >>$@

# ---- install ------------------------------------------------------------------------------------------
DATADIR ?= $(PREFIX)/share
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
UNITDIR ?= $(PREFIX)/lib/systemd/system
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d
SCHEMADIR ?= $(DATADIR)/storyphoto
SCHEMAS := $(wildcard docs/*.schema.json)
MAN_PAGES := $(wildcard man/*.[1-8])
UNITS := $(addprefix storyphoto-batch@,.service .timer)
LIBRARIES := libstoryphoto.a $(notdir $(SHARED)) $(SONAME) libstoryphoto.so
man_page = $(MANDIR)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))
# The loader's cache, where the files go to where they are used from.
ldconfig = $(if $(DESTDIR),,@if [ "$$(id -u)" = 0 ]; then ldconfig; fi)

staged: ## build all that install copies; so does make without a target
staged: all $(B)/storyphoto-installed $(B)/storyphoto-bulk-installed $(B)/libstoryphoto-installed.a \
        $(SHARED) $(COMPLETION) $(B)/installed/storyphoto.pc $(UNITS:%=$(B)/installed/systemd/%)
check-build: $(COMPLETION) $(B)/storyphoto-installed
install: staged ## install under PREFIX (/usr/local), staged by DESTDIR
	install -Dm755 $(B)/storyphoto-installed $(DESTDIR)$(BINDIR)/storyphoto
	install -Dm755 $(B)/storyphoto-bulk-installed $(DESTDIR)$(LIBEXECDIR)/storyphoto-bulk
	for program in $(SEALED); do \
		install -Dm755 $(B)/$$program $(DESTDIR)$(LIBEXECDIR)/$$program || exit; done
	install -Dm644 $(B)/libstoryphoto-installed.a $(DESTDIR)$(LIBDIR)/libstoryphoto.a
	install -Dm644 $(SHARED) $(DESTDIR)$(LIBDIR)/$(notdir $(SHARED))
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libstoryphoto.so
	install -Dm644 $(B)/installed/storyphoto.pc $(DESTDIR)$(PKGCONFIGDIR)/storyphoto.pc
	install -Dm644 src/storyphoto.h $(DESTDIR)$(INCLUDEDIR)/storyphoto.h
	$(foreach page,$(MAN_PAGES),install -Dm644 $(page) $(DESTDIR)$(call man_page,$(page)) &&) :
	$(foreach schema,$(SCHEMAS),install -Dm644 $(schema) $(DESTDIR)$(SCHEMADIR)/$(notdir $(schema)) &&) :
	install -Dm644 $(B)/completion/storyphoto.bash $(DESTDIR)$(BASHDIR)/storyphoto
	install -Dm644 $(B)/completion/_storyphoto $(DESTDIR)$(ZSHDIR)/_storyphoto
	install -Dm644 $(B)/completion/storyphoto.fish $(DESTDIR)$(FISHDIR)/storyphoto.fish
	for unit in $(UNITS); do \
		install -Dm644 $(B)/installed/systemd/$$unit $(DESTDIR)$(UNITDIR)/$$unit || exit; done
	$(ldconfig)
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/storyphoto $(INNER:%=$(DESTDIR)$(LIBEXECDIR)/%)
	rm -f $(LIBRARIES:%=$(DESTDIR)$(LIBDIR)/%) $(DESTDIR)$(PKGCONFIGDIR)/storyphoto.pc
	rm -f $(DESTDIR)$(INCLUDEDIR)/storyphoto.h
	rm -f $(foreach page,$(MAN_PAGES),$(DESTDIR)$(call man_page,$(page)))
	rm -f $(SCHEMAS:docs/%=$(DESTDIR)$(SCHEMADIR)/%)
	rm -f $(DESTDIR)$(BASHDIR)/storyphoto $(DESTDIR)$(ZSHDIR)/_storyphoto
	rm -f $(DESTDIR)$(FISHDIR)/storyphoto.fish $(UNITS:%=$(DESTDIR)$(UNITDIR)/%)
	-rmdir $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(SCHEMADIR)
	$(ldconfig)
