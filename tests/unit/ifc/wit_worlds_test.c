/* Worlds, elaborated. The order of imports is that of the reference parser: interfaces, each behind those
 * that it uses, then used types, declared types, functions, and functions of resources. */
#include "tests/unit/ifc/wit_packages.h"

/* "a:b/i fun type: …": what each item is known by, "(…)" where it is implied. */
static Str item_names(Arena *arena, const WorldItem *items, uint32_t count)
{
  Buf out = buf_in(arena);
  for (uint32_t i = 0; i < count; i++) {
    const WorldItem *item = &items[i];
    Str name = item->name.len ? item->name : item->interface->name;
    buf_printf(&out, item->implied ? "(%.*s) " : "%.*s ", STR_ARG(name));
  }
  return buf_text(&out);
}

static Str imports(Arena *arena, const Package *package, Str name)
{
  const World *world = package_world(package, name);
  assert_non_null(world);
  return item_names(arena, world->imports, world->import_count);
}

static Str exports(Arena *arena, const Package *package, Str name)
{
  const World *world = package_world(package, name);
  assert_non_null(world);
  return item_names(arena, world->exports, world->export_count);
}

static void worlds_are_found_by_name_or_id(void **state)
{
  const Package *package = parse(*state, STR("package a:b@1.0.0;\n/// Docs.\nworld w {} world v {}"));
  const World *w = package_world(package, STR("a:b/w"));
  assert_int_equal(package->world_count, 2);
  assert_ptr_equal(w, &package->worlds[0]);
  assert_text(w->docs, "Docs.");
  assert_text(w->id, "a:b/w");
  assert_ptr_equal(w->package, package);
  assert_null(package_world(package, STR("x")));
}

static void what_interfaces_use_is_imported_before_them(void **state)
{
  const Package *package =
      parse(*state, STR("package a:b; interface base { type t = u8; } interface extra { type e = u8; }\n"
                        "interface top { use middle.{t}; use extra.{e}; }\n"
                        "interface middle { use base.{t}; }\n"
                        "world w { import f: func(); import top; import base; }\n"
                        "world v { use middle.{t}; type mine = t; export g: func(x: mine); }"));
  assert_text(imports(*state, package, STR("w")), "base (middle) (extra) top f ");
  assert_text(imports(*state, package, STR("v")), "(base) (middle) t mine ");
  assert_text(exports(*state, package, STR("v")), "g ");
}

static void exports_take_along_what_is_exported_and_import_the_rest(void **state)
{
  const Package *package =
      parse(*state, STR("package a:b; interface base { type t = u8; } interface middle { use base.{t}; }\n"
                        "interface top { use middle.{t}; use base.{t as u}; }\n"
                        "world all { export top; export middle; export base; }\n"
                        "world one { export top; export f: func(); }\n"
                        "world both { import base; export base; export middle; }"));
  assert_text(exports(*state, package, STR("all")), "base middle top ");
  assert_text(imports(*state, package, STR("all")), "");
  assert_text(exports(*state, package, STR("one")), "f top ");
  assert_text(imports(*state, package, STR("one")), "(base) (middle) ");
  assert_text(imports(*state, package, STR("both")), "base ");
  assert_text(exports(*state, package, STR("both")), "base middle ");
}

static void an_interface_cannot_be_needed_as_an_import_and_an_export(void **state)
{
  static const char text[] =
      "package a:b; interface base { type t = u8; } interface middle { use base.{t}; }\n"
      "interface top { use base.{t}; use middle.{t as u}; }\n"
      "world bad { %s }";
  assert_error_at(rejected(*state, str_format(*state, text, "export base; export top;")), "bad");
  assert_error_at(rejected(*state, str_format(*state, text, "export top; export base;")), "bad");
  parse(*state, str_format(*state, text, "export base; export middle; export top;"));
  parse(*state, str_format(*state, text, "export top; import base;"));
}

static void types_of_a_world_are_its_imports(void **state)
{
  const Package *package =
      parse(*state, STR("package a:b; interface i { resource r; }\n"
                        "world w { import f: func(x: borrow<own-res>) -> later;\n"
                        "  resource own-res { constructor(); m: func(a: r); }\n"
                        "  type later = list<first>; record first { x: u8 } use i.{r}; }"));
  assert_text(imports(*state, package, STR("w")),
              "(i) r own-res first later f [constructor]own-res [method]own-res.m ");
  const World *w = &package->worlds[0];
  const TypeDef *own_res = w->imports[2].type;
  assert_ptr_equal(own_res->world, w);
  assert_null(own_res->owner);
  assert_ptr_equal(own_res->resource, own_res);
  assert_ptr_equal(w->imports[5].function->params[0].type->named, own_res);
  assert_ptr_equal(w->imports[6].function->resource, own_res);
}

static void interfaces_have_names_or_stand_in_the_world(void **state)
{
  const Package *package =
      parse(*state, STR("package a:b; interface i { use j.{t}; } interface j { type t = u8; }\n"
                        "world w { import first: i; import second: i; import i;\n"
                        "  export inner: interface { use j.{t}; f: func() -> t; } }"));
  assert_text(imports(*state, package, STR("w")), "(j) first second i ");
  const WorldItem *inner = &package->worlds[0].exports[0];
  assert_text(inner->name, "inner");
  assert_text(inner->interface->id, "inner");
  assert_ptr_equal(inner->interface->world, &package->worlds[0]);
  assert_int_equal(inner->interface->function_count, 1);
  assert_ptr_equal(inner->interface->uses[0], &package->interfaces[1]);
}

static void include_takes_over_everything(void **state)
{
  const Package *package = parse(
      *state, STR("package a:b; interface i { type t = u8; } interface j { use i.{t}; }\n"
                  "world base { import i; import f: func(); export g: func(); export j; }\n"
                  "world w { include base; import mine: func(); }\n"
                  "world renamed { include base with { f as f2, g as g2 } include other:pkg/w@1.0.0; }\n"
                  "package other:pkg@1.0.0 { interface i { type t = u8; } world w { import i; import h: "
                  "func(); } }"));
  assert_text(imports(*state, package, STR("w")), "i mine f ");
  assert_text(exports(*state, package, STR("w")), "g j ");
  assert_text(imports(*state, package, STR("renamed")), "i i f2 h ");
  assert_text(exports(*state, package, STR("renamed")), "g2 j ");
  const World *renamed = package_world(package, STR("renamed"));
  assert_text(renamed->imports[2].function->name, "f2");
  assert_text(renamed->imports[2].function->plain, "f2");
  assert_text(package_world(package, STR("base"))->imports[1].function->name, "f");
}

static void types_of_an_included_world_become_the_worlds_own(void **state)
{
  const Package *package = parse(
      *state,
      STR("package a:b; world base { resource r { m: func(o: borrow<r>) -> holder; }\n"
          "  record holder { x: list<r>, y: u8 } type again = holder; import f: func(a: again) -> u8; }\n"
          "world w { include base with { r as s } }"));
  const World *base = package_world(package, STR("base")), *w = package_world(package, STR("w"));
  assert_text(imports(*state, package, STR("w")), "s holder again f [method]s.m ");
  const TypeDef *s = w->imports[0].type, *holder = w->imports[1].type, *again = w->imports[2].type;
  assert_ptr_equal(s->world, w);
  assert_text(s->name, "s");
  assert_ptr_equal(s->resource, s);
  assert_ptr_equal(s->type->named, s);
  assert_ptr_equal(holder->type->named, holder);
  assert_ptr_equal(holder->type->fields[0].type->element->named, s);
  assert_ptr_equal(again->alias, holder);
  assert_ptr_equal(again->type, holder->type);
  assert_ptr_equal(w->imports[3].function->params[0].type->alias, again);
  assert_ptr_equal(w->imports[4].function->resource, s);
  assert_ptr_equal(w->imports[4].function->params[0].type->named, s);
  assert_ptr_equal(base->imports[0].type->world, base);
  assert_text(base->imports[0].type->name, "r");
}

static void names_in_a_world_are_taken_once(void **state)
{
  static const char *const worlds[] = {
      "import a: func(); import %a: interface {}",
      "export a: func(); export %a: func();",
      "import i; import a: func(); import %i;",
      "type a = u8; import %a: func();",
      "import a: i; import %a: i;",
      "resource a; type %a = u8;",
      "import a: func(); include %base;",
      "include base; include %base;",
  };
  for (size_t k = 0; k < sizeof worlds / sizeof *worlds; k++) {
    Str written = str_from_z(worlds[k]);
    size_t mark = str_find(written, STR("%"));
    Str before = str_slice(written, 0, mark), after = str_slice(written, mark + 1, SIZE_MAX);
    Str head = STR("package a:b; interface i {} world base { import a: func(); } world w { ");
    Str text = str_format(*state, "%.*s%.*s%.*s }", STR_ARG(head), STR_ARG(before), STR_ARG(after));
    Diags diags = rejected(*state, text);
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.first->span.at, head.len + mark);
    assert_non_null(diags.first->notes);
  }
  parse(*state,
        STR("package a:b; interface i {} world w { import a: func(); export a: func(); import i; export i;\n"
            "import b: i; export b: i; }"));
}

static void includes_may_not_lead_back(void **state)
{
  assert_error_at(rejected(*state, STR("package a:b; world w { include v; } world v { include w; }")),
                  "v { include w");
  assert_error_at(rejected(*state, STR("package a:b; world w { include w; }")), "w {");
}

static void only_what_is_there_can_be_renamed(void **state)
{
  assert_error_at(rejected(*state, STR("package a:b; interface i {} world v { import i; import f: func(); }\n"
                                       "world w { include v with { i as j, f as g } }")),
                  "v with");
}

/* Each world includes the one before three times: what they share is there once. */
static void diamonds_do_not_grow(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b; interface i { type t = u8; } interface j { use i.{t}; }\nworld w0 { import j; "
               "export j; }\n");
  for (int i = 1; i < 3000; i++)
    buf_printf(&text, "world w%d { include w%d; include w%d; include w%d; }\n", i, i - 1, i - 1, i - 1);
  const Package *package = parse(*state, buf_text(&text));
  assert_text(imports(*state, package, STR("w2999")), "(i) j ");
  assert_text(exports(*state, package, STR("w2999")), "j ");
}

static void a_long_chain_of_worlds_resolves(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b; world w0 { resource r; import f: func(x: r); }\n");
  for (int i = 1; i <= 10000; i++) buf_printf(&text, "world w%d { include w%d; }\n", i, i - 1);
  const Package *package = parse(*state, buf_text(&text));
  assert_text(imports(*state, package, STR("w10000")), "r f ");
}

/* Worlds that each add an item to the one before are larger than memory: that is said, not tried. */
static void worlds_may_not_be_larger_than_memory(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:b; world w0 {}\n");
  for (int i = 1; i <= 5000; i++)
    buf_printf(&text, "world w%d { include w%d; import fun%d: func(); }\n", i, i - 1, i);
  Diags diags = rejected(*state, buf_text(&text));
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->code, DIAG_UNSUPPORTED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(worlds_are_found_by_name_or_id),
      TEST(what_interfaces_use_is_imported_before_them),
      TEST(exports_take_along_what_is_exported_and_import_the_rest),
      TEST(an_interface_cannot_be_needed_as_an_import_and_an_export),
      TEST(types_of_a_world_are_its_imports),
      TEST(interfaces_have_names_or_stand_in_the_world),
      TEST(include_takes_over_everything),
      TEST(types_of_an_included_world_become_the_worlds_own),
      TEST(names_in_a_world_are_taken_once),
      TEST(includes_may_not_lead_back),
      TEST(only_what_is_there_can_be_renamed),
      TEST(diamonds_do_not_grow),
      TEST(a_long_chain_of_worlds_resolves),
      TEST(worlds_may_not_be_larger_than_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
