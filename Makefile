# SPDX-License-Identifier: GPL-2.0-or-later
#
# klp-prep: see `make help`. One non-recursive Makefile; everything built goes to out/.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

prefix ?= /usr/local
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
# Which libclang: LLVM_CONFIG=llvm-config-19 takes another one (14, 16 and 19 are known to work).
LLVM_CONFIG ?= llvm-config-14
PKG_CONFIG ?= pkg-config
O := out

version := 0.1.0

CFLAGS ?= -O2 -g
base_cflags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wno-missing-field-initializers -fno-common \
	-Ilibklp -I. -DKLP_VERSION='"$(version)"'
ifneq ($(SAN),)
base_cflags += -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
base_ldflags += -fsanitize=address,undefined
O := out/san
endif
ifneq ($(WERROR),)
base_cflags += -Werror
endif

# Asked once, and only by goals that compile: `make help` works on a bare machine.
llvm_cflags = $(eval llvm_cflags := $$(shell $(LLVM_CONFIG) --cflags | tr ' ' '\n' | grep '^-I'))$(llvm_cflags)
llvm_libs = $(eval llvm_libs := -L$$(shell $(LLVM_CONFIG) --libdir) -Wl,-rpath,$$(shell $(LLVM_CONFIG) --libdir) -lclang)$(llvm_libs)
pkg_libs = $(eval pkg_libs := $$(shell $(PKG_CONFIG) --libs libelf libdw jansson))$(pkg_libs)

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

lib_src := $(sort $(wildcard libklp/*/*.c parsers/*.c))
tool_src := $(sort $(wildcard tools/*.c))
tools := $(patsubst tools/%.c,$(O)/%,$(filter tools/klp-%.c,$(tool_src)))
tool_common := $(patsubst %.c,$(O)/obj/%.o,$(filter-out tools/klp-%.c,$(tool_src)))
lib_obj := $(patsubst %.c,$(O)/obj/%.o,$(lib_src))
unit_src := $(sort $(wildcard tests/unit/test_*.c))
unit_bin := $(patsubst tests/unit/%.c,$(O)/tests/%,$(unit_src))

.PHONY: all
all: $(tools)

$(O)/libklp.a: $(lib_obj)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(O)/obj/libklp/tu/%.o: extra_cflags = $(llvm_cflags)
$(O)/obj/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_cflags) $(extra_cflags) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/klp-%: $(O)/obj/tools/klp-%.o $(tool_common) $(O)/libklp.a
	$(call say,LD,$@)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^ $(llvm_libs) $(pkg_libs) -lpthread

$(O)/tests/test_%: $(O)/obj/tests/unit/test_%.o $(O)/libklp.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(base_ldflags) $(LDFLAGS) -o $@ $^ $(llvm_libs) $(pkg_libs) -lcmocka -lpthread

.PHONY: check-unit
check-unit: $(unit_bin)
	$(Q)for t in $^; do $$t || exit 1; done

.PHONY: clean
clean:
	rm -rf out

-include $(shell find $(O)/obj -name '*.d' 2>/dev/null)
