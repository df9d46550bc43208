# packaging/install.mk -- what `make install` puts where.
install: all $(B)/storyphoto-installed $(B)/storyphoto-bulk-installed ## install under PREFIX (/usr/local), staged by DESTDIR
	install -Dm755 $(B)/storyphoto-installed $(DESTDIR)$(BINDIR)/storyphoto
	install -Dm755 $(B)/storyphoto-bulk-installed $(DESTDIR)$(LIBEXECDIR)/storyphoto-bulk
	for program in $(SEALED); do \
		install -Dm755 $(B)/$$program $(DESTDIR)$(LIBEXECDIR)/$$program || exit; done
	install -Dm644 $(B)/libstoryphoto-installed.a $(DESTDIR)$(LIBDIR)/libstoryphoto.a
	install -Dm644 src/storyphoto.h $(DESTDIR)$(INCLUDEDIR)/storyphoto.h
	install -Dm644 man/storyphoto.1 $(DESTDIR)$(MANDIR)/man1/storyphoto.1
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/storyphoto $(INNER:%=$(DESTDIR)$(LIBEXECDIR)/%)
	rm -f $(DESTDIR)$(LIBDIR)/libstoryphoto.a $(DESTDIR)$(INCLUDEDIR)/storyphoto.h
	rm -f $(DESTDIR)$(MANDIR)/man1/storyphoto.1
	-rmdir $(DESTDIR)$(LIBEXECDIR)
