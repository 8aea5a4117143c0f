# assay. `make` builds, `make check` tests, `make demo` shows it all; `make help` lists the rest.
VARIANT ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX ?= /usr/local
LINKS ?= ifc verify evaluate
O := build/$(VARIANT)

# Layers: each may include and link only itself and what its DEPS line names.
LAYERS := base ifc runtime spec bench registry
base_DIR := ifc/base
base_DEPS :=
ifc_DEPS := base
runtime_DEPS := ifc $(ifc_DEPS)
spec_DEPS := runtime $(runtime_DEPS)
bench_DEPS := spec $(spec_DEPS)
registry_DEPS := bench $(bench_DEPS)
cmd_DEPS := registry $(registry_DEPS)

# Foreign libraries, by the layer that holds the seam.
base_LIBS := -lsodium -ljansson -lm
ifc_LIBS := $(base_LIBS)
runtime_LIBS := -lseccomp -ldl $(ifc_LIBS)
spec_LIBS := $(runtime_LIBS)
bench_LIBS := $(spec_LIBS)
registry_LIBS := $(bench_LIBS)
cmd_LIBS := $(registry_LIBS)

include build-aux/packages.mk
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
FLAGS_release := -O2 -g
FLAGS_debug := -O0 -g3
FLAGS_asan := -O1 -g $(SANITIZE)
FLAGS_cov := -O0 -g --coverage
FLAGS_fuzz := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
CC_fuzz := clang
CC := $(or $(CC_$(VARIANT)),$(CC))
CFLAGS ?=
override CFLAGS += -std=c17 $(WARN) $(FLAGS_$(VARIANT)) $(if $(CI),-Werror) -include ifc/base/banned.h
CPPFLAGS += -I. -D_GNU_SOURCE -MMD -MP
LDFLAGS += $(filter-out -O% -g%,$(FLAGS_$(VARIANT)))

dir_of = $(or $($(1)_DIR),$(1))
objects_of = $(patsubst %.c,$O/obj/%.o,$(wildcard $(call dir_of,$(1))/*.c))
archives_of = $(foreach l,$(1) $($(1)_DEPS),$O/lib$(l).a)
TESTS := $(foreach l,$(LAYERS) cmd,$(patsubst tests/unit/%.c,$O/unit/%,$(wildcard tests/unit/$(l)/*_test.c)))
BENCHES := $(patsubst tests/%.c,$O/%,$(wildcard tests/bench/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$O/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
COMMANDS := ifc build verify evaluate publish
SOURCES := $(wildcard $(foreach l,$(LAYERS) cmd,$(call dir_of,$(l))/*.[ch]) tests/unit/*.h tests/unit/*/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch])

.PHONY: all check unit demo bench fmt fmt-check lint fuzz fuzzers assemblyscript install clean deps help
all: deps $O/assay $(COMMANDS:%=$O/%)

define layer
$O/lib$(1).a: $(call objects_of,$(1))
	@rm -f $$@ && $(AR) rcs $$@ $$^
$O/unit/$(1)/%: tests/unit/$(1)/%.c $(call archives_of,$(1)) | deps
	@mkdir -p $$(@D)
	$$(CC) $$(CPPFLAGS) $$(CFLAGS) $$(LDFLAGS) $$< $(call archives_of,$(1)) $($(1)_LIBS) -lcmocka -o $$@
endef
$(foreach l,$(LAYERS) cmd,$(eval $(call layer,$(l))))

$O/obj/%.o: %.c | deps
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
# Text that goes into objects as it is.
$O/obj/ifc/bind_rust.o: ifc/bind_rust_support.rs
$O/obj/ifc/bind_assemblyscript_types.o: ifc/bind_assemblyscript_types.ts
$O/obj/ifc/bind_assemblyscript_glue.o: ifc/bind_assemblyscript_glue.ts
$O/assay: $(call archives_of,cmd)
	$(CC) $(LDFLAGS) $^ $(cmd_LIBS) -o $@
$(COMMANDS:%=$O/%): $O/assay
	@ln -sf assay $@
$O/fuzz/%: tests/fuzz/%.c $(call archives_of,cmd)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer) $< \
	  $(if $(filter fuzz,$(VARIANT)),,tests/fuzz/replay.c) $(filter-out $O/libcmd.a,$(call archives_of,cmd)) $(cmd_LIBS) -o $@

$O/bench/%: tests/bench/%.c $(call archives_of,registry)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $< $(call archives_of,registry) $(registry_LIBS) -o $@

unit: all $(TESTS) $(FUZZERS)
check: unit fmt-check
	tests/run $O
demo: all
	docs/examples/demo $O
bench: all $(BENCHES)
	@tests/bench/run $O
fuzz:
	$(MAKE) VARIANT=fuzz fuzzers
	tests/fuzz/run build/fuzz $(SECONDS_EACH)
fuzzers: $(FUZZERS)
fmt: | deps
	clang-format -i $(SOURCES)
fmt-check: | deps
	clang-format --dry-run -Werror $(SOURCES)
lint: | deps
	build-aux/lint $(LAYERS) cmd
compile_commands.json: Makefile
	build-aux/compile-commands '$(CC) $(CPPFLAGS) $(CFLAGS)' $(filter %.c,$(SOURCES)) > $@
# AssemblyScript's compiler, for who wants it: `build` never fetches anything, and the tests skip it where it is not.
assemblyscript:
	command -v npm >/dev/null || build-aux/packages npm
	npm install --prefix build/npm --no-audit --no-fund --loglevel=error assemblyscript@0.28.20
install: all
	install -D $O/assay $(DESTDIR)$(PREFIX)/bin/assay
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$O/assay manual > $(DESTDIR)$(PREFIX)/share/man/man1/assay.1
	$O/assay completion > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/assay
	for l in $(LINKS); do ln -sf assay $(DESTDIR)$(PREFIX)/bin/$$l; done
clean:
	rm -rf build
deps:
	@build-aux/packages $(PACKAGES)
help:
	@echo 'make [VARIANT=release|debug|asan|cov|fuzz] [all|check|demo|bench|fmt|fmt-check|lint|fuzz|assemblyscript|install|clean]'

-include $(shell find $O -name '*.d' 2>/dev/null)
