# SPDX-License-Identifier: GPL-2.0-or-later
#
# klp-prep: see `make help`. One non-recursive Makefile; everything built goes to out/.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# Where `make install` puts things; DESTDIR goes before all of them. The loader's cache is the
# packager's business (ldconfig).
prefix ?= /usr/local
bindir ?= $(prefix)/bin
libdir ?= $(prefix)/lib
includedir ?= $(prefix)/include
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/klp-prep
pkgconfigdir ?= $(libdir)/pkgconfig
bashcompdir ?= $(datadir)/bash-completion/completions
zshcompdir ?= $(datadir)/zsh/site-functions
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
# Which libclang: LLVM_CONFIG=llvm-config-19 takes another one (14, 16 and 19 are known to work).
# Only the package libclang-19-dev is needed for that: see llvm_dir below.
LLVM_CONFIG ?= llvm-config-14
PKG_CONFIG ?= pkg-config
O := out

version := 0.1.0
# Goes up with each release that takes something away from libklp's callers, or changes it:
# docs/libklp.md.
soversion := 0

CFLAGS ?= -O2 -g
base_cflags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wno-missing-field-initializers -fno-common \
	-fPIC -fno-semantic-interposition \
	-Ilibklp -I. -DKLP_VERSION='"$(version)"'
ifneq ($(LLVM_CONFIG),llvm-config-14)
O := out/$(notdir $(LLVM_CONFIG))
endif
ifneq ($(SAN),)
base_cflags += -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
base_ldflags += -fsanitize=address,undefined
O := $(O)/san
endif
ifneq ($(WERROR),)
base_cflags += -Werror
endif

# Asked once, and only by goals that compile: `make help` works on a bare machine. Debian has
# llvm-config in llvm-N, a large package of which nothing else is needed here; the places that it
# would tell are taken for granted when it is missing.
llvm_dir = $(eval llvm_dir := $$(shell $(LLVM_CONFIG) --prefix 2>/dev/null || \
	echo /usr/lib/llvm-$(lastword $(subst -, ,$(LLVM_CONFIG)))))$(llvm_dir)
llvm_cflags = -I$(llvm_dir)/include
# libclang is loaded when there is a source to parse (libklp/tu/clang.h), by its name for programs
# (libclang-14.so.1), which the package without headers has, too.
libclang = $(eval libclang := $$(firstword $$(wildcard $(llvm_dir)/lib/libclang.so.1 \
	$(llvm_dir)/lib/libclang-[0-9]*.so.[0-9]*) $(llvm_dir)/lib/libclang.so))$(libclang)
pkg_libs = $(eval pkg_libs := $$(shell $(PKG_CONFIG) --libs libelf libdw libbpf jansson))$(pkg_libs)

# A fresh machine should not compile on one core only because nobody said -j.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

lib_src := $(sort $(wildcard libklp/*/*.c parsers/*.c))
tool_src := $(sort $(wildcard tools/*.c))
tools := $(patsubst tools/%.c,$(O)/%,$(filter tools/klp-%.c,$(tool_src)))
tool_common := $(patsubst %.c,$(O)/obj/%.o,$(filter-out tools/klp-%.c,$(tool_src)))
templates := $(sort $(wildcard templates/*))
lib_obj := $(patsubst %.c,$(O)/obj/%.o,$(lib_src)) $(O)/obj/templates.o
public := $(shell sed 's/\#.*//' libklp/public-headers)
public_dirs := $(sort $(patsubst %/,%,$(dir $(public))))
public_files := $(foreach h,$(public),$(firstword $(wildcard libklp/$(h) $(h))))
# Sanitizers want to be linked into the program: no shared library of them.
shared_lib := $(if $(SAN),,$(O)/libklp.so.$(soversion))
shared_tools := $(patsubst $(O)/%,$(O)/shared/%,$(tools))
unit_src := $(sort $(wildcard tests/unit/test_*.c))
unit_bin := $(patsubst tests/unit/%.c,$(O)/tests/%,$(unit_src))
man := $(sort $(wildcard docs/*.1))

# What runs without a kernel: the unit tests and every tests/DIR/run and tests/golden/DIR/run. A test program prints a
# line `ok NAME` or `not ok NAME` for each test (TAP); tests/run adds them up. O tells the
# scripts where the programs are.
export O
export KLP_PREP = $(CURDIR)/$(O)/klp-prep
export CMOCKA_MESSAGE_OUTPUT := TAP
fast_tests = $(unit_bin) .ci/includes $(filter-out tests/kernel/run tests/bench/run tests/package/run,$(sort $(wildcard tests/*/run tests/golden/*/run)))
kernel_tests := tests/kernel/harness/run tests/kernel/harness/mutation tests/kernel/tokens tests/kernel/heads tests/kernel/inlined \
	tests/kernel/run tests/kernel/guide tests/kernel/selftests/run tests/kernel/suse/run tests/kernel/damage/run tests/kernel/mutation \
	tests/kernel/sweep tests/kernel/distro tests/kernel/fixes

# What shells complete, by each tool's option table.
completions := $(patsubst $(O)/%,$(O)/completions/bash/%,$(tools)) $(patsubst $(O)/%,$(O)/completions/zsh/_%,$(tools))

.PHONY: all
all: $(tools) $(completions) $(O)/libklp.a $(shared_lib) $(O)/klp.h $(if $(SHARED),$(shared_tools)) ## build the tools into out/ (SAN=1: with sanitizers, into out/san/)

$(O)/libklp.a: $(lib_obj)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

# One set of objects makes both libraries. What the headers declare to be public is all that the
# shared one exports, and calls within it are bound when it is linked.
$(O)/libklp.map: libklp/exports libklp/public-headers $(public_files) Makefile
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)libklp/exports LIBKLP_$(soversion) $(CC) $(base_cflags) $(public) > $@

$(O)/libklp.so.$(soversion): $(lib_obj) $(O)/libklp.map
	$(call say,LD,$@)
	$(Q)$(CC) $(base_ldflags) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(@F) -Wl,-z,defs -Wl,-z,text \
		-Wl,-Bsymbolic-functions -Wl,--version-script=$(O)/libklp.map -o $@ $(lib_obj) $(pkg_libs) -lpthread

# All public headers in one, which is also how C++ includes them.
$(O)/klp.h: libklp/public-headers Makefile
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q){ echo '/* SPDX-License-Identifier: GPL-2.0-or-later */'; \
		echo '/* All of libklp, for C and C++: see libklp.md in the documentation. */'; \
		printf '%s\n' '#ifndef KLP_H' '#define KLP_H' '' '#define KLP_VERSION "$(version)"' ''; \
		printf '%s\n' '#ifdef __cplusplus' 'extern "C" {' '#endif' ''; \
		printf '#include "%s"\n' $(public); \
		printf '%s\n' '' '#ifdef __cplusplus' '}' '#endif' '' '#endif'; } > $@

$(O)/obj/libklp/tu/%.o: extra_cflags = $(llvm_cflags) -DKLP_LIBCLANG='"$(libclang)"'
$(O)/obj/tests/bench/floor.o: extra_cflags = $(llvm_cflags)
$(O)/obj/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(extra_cflags) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What is written into livepatch modules is part of the library, so that a tool is one file.
$(O)/obj/templates.c: $(templates) libklp/render/embed-templates Makefile
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)sh libklp/render/embed-templates $(templates) > $@

$(O)/obj/templates.o: $(O)/obj/templates.c
	$(call say,CC,$<)
	$(Q)$(CC) $(base_cflags) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/klp-%: $(O)/obj/tools/klp-%.o $(tool_common) $(O)/libklp.a
	$(call say,LD,$@)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^ $(pkg_libs) -lpthread

# The same tools without a copy of the library: what a distribution installs (SHARED=1).
$(O)/shared/klp-%: $(O)/obj/tools/klp-%.o $(tool_common) $(O)/libklp.so.$(soversion)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^

$(O)/completions/zsh/_%: $(O)/%
	$(Q)mkdir -p $(@D)
	$(Q)$< --completion zsh > $@
$(O)/completions/bash/%: $(O)/%
	$(Q)mkdir -p $(@D)
	$(Q)$< --completion bash > $@

$(O)/tests/test_%: $(O)/obj/tests/unit/test_%.o $(O)/libklp.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^ $(pkg_libs) -lcmocka -lpthread

# Programs that scripts of the tests run.
$(O)/tests/bin/%: $(O)/obj/tests/%.o $(O)/libklp.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^ $(pkg_libs) -lpthread
test_bin := $(O)/tests/bin/compilers/contains
bench_bin := $(addprefix $(O)/tests/bin/bench/,floor measure)
kernel_bin := $(test_bin) $(addprefix $(O)/tests/bin/kernel/,tokens heads draw)

# The packages come first, with a make of their own behind them: what is not installed yet
# must not have been looked for.
.PHONY: check check-fast check-unit check-san check-kernel check-built check-fast-built
check: ## install what is missing (Debian, root) and run every test, the kernel ones included
	$(Q).ci/deps build test kernel package
	$(Q)+$(MAKE) --no-print-directory $(jobs) check-built
check-fast: ## the tests that need no kernel
	$(Q).ci/deps build test
	$(Q)+$(MAKE) --no-print-directory $(jobs) check-fast-built
check-unit: $(unit_bin) ## the unit tests alone
	$(Q)tests/run $^
# Of the golden tests those of closure and extract are run by unit tests. tests/dumps bounds memory, which ASan takes up.
san_tests = $(patsubst $(O)/%,$(O)/san/%,$(unit_bin)) tests/golden/prep/run \
	$(patsubst %,tests/%/run,audit batch callers cli convert cumulative objdiff verify)
check-san: ## unit and golden tests, and the tools as programs, under ASan and UBSan
	$(Q).ci/deps build test
	$(Q)+$(MAKE) --no-print-directory $(jobs) SAN=1 all $(patsubst $(O)/%,$(O)/san/%,$(unit_bin))
	$(Q)O=$(O)/san KLP_PREP=$(CURDIR)/$(O)/san/klp-prep tests/run $(san_tests)
check-kernel: all $(kernel_bin) ## the tests on a real kernel, in a virtual machine (builds it the first time)
	$(Q)tests/kernel/build-kernel > /dev/null # its progress is on stderr, for ten minutes
	$(Q)tests/run $(kernel_tests)
check-built: all $(unit_bin) $(kernel_bin)
	$(Q)tests/kernel/build-kernel > /dev/null
	$(Q)tests/run $(fast_tests) tests/package/run $(kernel_tests)
check-fast-built: all $(unit_bin) $(test_bin)
	$(Q)tests/run $(fast_tests)

# libFuzzer comes with clang. What it finds interesting is kept in out/fuzz; an input that breaks
# something is written there, too, and ends the run.
SECONDS ?= 60
FUZZ_CC ?= clang-14
fuzz_flags := -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=undefined -Ilibklp -I. -Itests/fuzz -DKLP_VERSION='"$(version)"'
fuzz_dir := out/fuzz
fuzzers := $(patsubst tests/fuzz/fuzz_%.c,$(fuzz_dir)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
# What reads untrusted bytes, and what that stands on; compiled once for all targets.
fuzz_src := $(sort tests/fuzz/file.c $(wildcard $(addsuffix /*.c,parsers $(addprefix libklp/,base model elf cc \
	tree report build convert verify))))
fuzz_obj := $(patsubst %.c,$(fuzz_dir)/obj/%.o,$(fuzz_src))

$(fuzz_dir)/obj/%.o: %.c Makefile
	$(call say,FUZZ,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(fuzz_flags) -MMD -MP -c -o $@ $<

$(fuzz_dir)/all.a: $(fuzz_obj)
	$(Q)rm -f $@ && ar rcs $@ $^

$(fuzz_dir)/%: $(fuzz_dir)/obj/tests/fuzz/fuzz_%.o $(fuzz_dir)/all.a
	$(call say,FUZZ,$@)
	$(Q)$(FUZZ_CC) $(fuzz_flags) -o $@ $^ $(pkg_libs) -lpthread

# Seeds for what reads ELF files are compiled, not kept.
$(fuzz_dir)/seeds: tests/fuzz/make-seeds
	$(Q)tests/fuzz/make-seeds $@

.PHONY: fuzz fuzz-built fuzz-targets
fuzz: ## feed the parsers with nonsense, SECONDS=60 each (clang with libFuzzer)
	$(Q).ci/deps build fuzz
	$(Q)+$(MAKE) --no-print-directory fuzz-built
fuzz-targets: $(fuzzers) $(fuzz_dir)/seeds
fuzz-built: fuzz-targets
	$(Q)tests/fuzz/fuzz $(SECONDS)

.PHONY: demo demo-built
demo: ## livepatch samples/minikernel: no kernel source needed
	$(Q).ci/deps build
	$(Q)+$(MAKE) --no-print-directory $(jobs) demo-built
demo-built: all
	$(Q)samples/minikernel/demo

.PHONY: bench
bench: ## one table: stages, samples, growth on a real kernel, beside floors of the same run
	$(Q).ci/deps build bench
	$(Q)+$(MAKE) --no-print-directory $(jobs) all $(bench_bin)
	$(Q)tests/bench/run

.PHONY: deps
deps: ## install all Debian packages that building and testing need
	$(Q).ci/deps build test kernel package

.PHONY: includes
includes: ## who includes what, against docs/architecture.md; every header compiles alone
	$(Q)tests/run .ci/includes

.PHONY: sizes
sizes: ## the largest files and functions; reports, never fails
	$(Q).ci/sizes $(lib_src) $(tool_src)

# Everything is quoted: DESTDIR, and whatever else is given, may hold spaces. SHARED=1 installs the
# tools that need libklp.so; the others run wherever they lie. uninstall takes the same names.
installed_tools := $(if $(SHARED),$(shared_tools),$(tools))
docs := $(sort $(wildcard docs/*.md docs/*/*.md))
doc_dirs := $(sort $(patsubst %/,%,$(dir $(docs))))
pc_substitutions = s|@prefix@|$(prefix)|; s|@libdir@|$(libdir)|; s|@includedir@|$(includedir)|; s|@version@|$(version)|
installed_dirs = "$(bindir)" "$(mandir)/man1" "$(docdir)" $(patsubst %,"$(docdir)/%",$(doc_dirs)) "$(libdir)" "$(pkgconfigdir)" \
	$(patsubst %,"$(includedir)/klp/%",$(public_dirs))
installed_files = $(patsubst %,"$(bindir)/%",$(notdir $(tools))) $(patsubst docs/%,"$(mandir)/man1/%",$(man)) \
	"$(docdir)/README.md" $(patsubst %,"$(docdir)/%",$(docs)) "$(libdir)/libklp.a" "$(libdir)/libklp.so" \
	$(patsubst $(O)/%,"$(libdir)/%",$(shared_lib)) "$(pkgconfigdir)/klp.pc" \
	$(patsubst %,"$(includedir)/klp/%",klp.h $(public)) \
	$(foreach t,$(notdir $(tools)),"$(bashcompdir)/$(t)" "$(zshcompdir)/_$(t)")
.PHONY: install uninstall
install: all ## install below DESTDIR/prefix (default: /usr/local); SHARED=1: tools that need libklp.so
	$(Q)for dir in $(installed_dirs); do install -d "$(DESTDIR)$$dir" || exit 1; done
	install -m 755 $(installed_tools) "$(DESTDIR)$(bindir)"
	install -m 644 $(man) "$(DESTDIR)$(mandir)/man1"
	install -m 644 $(O)/libklp.a $(shared_lib) "$(DESTDIR)$(libdir)"
	$(if $(shared_lib),ln -sf $(notdir $(shared_lib)) "$(DESTDIR)$(libdir)/libklp.so")
	install -m 644 $(O)/klp.h "$(DESTDIR)$(includedir)/klp"
	$(Q)set -e; for header in $(public); do \
		file=libklp/$$header; [ -e $$file ] || file=$$header; \
		install -m 644 $$file "$(DESTDIR)$(includedir)/klp/$$header"; done
	sed '$(pc_substitutions)' libklp/klp.pc.in > "$(DESTDIR)$(pkgconfigdir)/klp.pc"
	install -m 644 README.md "$(DESTDIR)$(docdir)"
	$(Q)set -e; for page in $(docs); do install -m 644 $$page "$(DESTDIR)$(docdir)/$$page"; done
	$(Q)set -e; for tool in $(notdir $(tools)); do \
		file=$(O)/completions/bash/$$tool; [ ! -e $$file ] || install -D -m 644 $$file "$(DESTDIR)$(bashcompdir)/$$tool"; \
		file=$(O)/completions/zsh/_$$tool; [ ! -e $$file ] || install -D -m 644 $$file "$(DESTDIR)$(zshcompdir)/_$$tool"; done

uninstall: ## remove what `make install` with the same variables has put there
	$(Q)for file in $(installed_files); do rm -f "$(DESTDIR)$$file"; done
	$(Q)for dir in $(patsubst %,"$(includedir)/klp/%",$(public_dirs)) "$(includedir)/klp" \
			$(patsubst %,"$(docdir)/%",$(filter-out docs,$(doc_dirs)) docs) "$(docdir)"; do \
		[ ! -d "$(DESTDIR)$$dir" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$dir"; done

# Takes a minute of two cores: all is compiled again, as Debian wants it.
.PHONY: deb
deb: ## make Debian packages of the tools, the library and the documentation in out/deb/
	$(Q).ci/deps build package
	$(Q).ci/deb

.PHONY: help
help: ## this text
	@echo 'usage: make [GOAL] [V=1] [SAN=1] [WERROR=1] [LLVM_CONFIG=llvm-config-19]'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | \
		while IFS='|' read -r goal text; do printf '  %-12s %s\n' "$$goal" "$$text"; done

.PHONY: clean
clean: ## remove what was built (the test kernel lies elsewhere and stays)
	rm -rf out

-include $(shell find $(O)/obj $(fuzz_dir)/obj -name '*.d' 2>/dev/null)
