/* WIT as it was written: what wit_parse.c makes of a text and wit_resolve.c turns into type.h. It knows the
 * whole language; constructs that the resolver does not know are reported there, not as syntax errors. */
#ifndef IFC_AST_H
#define IFC_AST_H

#include "ifc/type.h"

typedef struct AstName {
  Str text; /* without '%'; of a misspelt one what was probably meant; empty where there is none */
  Span span;
} AstName;

/* The comments before an item, raw (docs_text); nodes are many, so this is small. */
typedef struct AstDocs {
  const char *at;
  uint32_t len;      /* bytes of all of them */
  uint32_t docs_len; /* of those, from the first doc comment on to the end */
} AstDocs;

/* All comments. */
static inline Str ast_comments(AstDocs docs)
{
  return docs.len ? (Str){docs.at, docs.len} : (Str){"", 0};
}

/* From the first doc comment on. */
static inline Str ast_docs(AstDocs docs)
{
  return docs.docs_len ? (Str){docs.at + (docs.len - docs.docs_len), docs.docs_len} : (Str){"", 0};
}

typedef enum AstTypeKind {
  AST_TYPE_ERROR,    /* reported already */
  AST_TYPE_NAME,     /* a name that is no keyword */
  AST_TYPE_BUILT_IN, /* one of types.def */
  AST_TYPE_FIXED_LIST,
  AST_TYPE_MAP,
  AST_TYPE_STREAM,
  AST_TYPE_FUTURE,
  AST_TYPE_OWN,
  AST_TYPE_BORROW,
  AST_TYPE_ERROR_CONTEXT,
} AstTypeKind;

typedef struct AstType AstType;
struct AstType {
  AstTypeKind kind : 8;
  TypeKind built_in : 8; /* of AST_TYPE_BUILT_IN */
  uint32_t part_count;
  union {
    Str name; /* of AST_TYPE_NAME, without '%' */
    struct {
      AstType **parts; /* between '<' and '>'; a result's are ok and err, NULL where absent */
      uint32_t length; /* of AST_TYPE_FIXED_LIST */
    };
  };
  Span span; /* none: a word such as `u32`, all of which share a node where nobody asks for their places */
  const TypeDef *target; /* of AST_TYPE_NAME: set by the resolver */
};

/* A field, case, flag or parameter. */
typedef struct AstField {
  AstName name;
  AstType *type; /* NULL: none */
  AstDocs docs;
} AstField;

/* "iface", or "ns:pkg/iface@1.0.0" with a namespace. */
typedef struct AstPath {
  AstName namespace, package, name;
  AstName version;
  Span span;
} AstPath;

typedef struct AstRename {
  AstName name, as; /* `as` is `name` where none was written */
} AstRename;

typedef struct AstGate {
  AstName since, unstable, deprecated; /* a version, a feature, a version; empty where not written */
  AstName external_id; /* its text, which may be empty, and where it is named; without a span: not written */
} AstGate;

typedef enum AstItemKind {
  AST_ITEM_ALIAS,
  AST_ITEM_RECORD,
  AST_ITEM_VARIANT,
  AST_ITEM_ENUM,
  AST_ITEM_FLAGS,
  AST_ITEM_RESOURCE,
  AST_ITEM_FUNCTION,
  AST_ITEM_USE,
} AstItemKind;

/* What stands in an interface. */
typedef struct AstItem AstItem;
struct AstItem {
  AstItemKind kind : 8;
  FunctionKind function_kind : 8;
  bool is_async;
  bool left_out; /* by its gate; set by the resolver */
  uint32_t field_count, rename_count, item_count;
  AstName name; /* of a `use`: empty; of a constructor: the keyword */
  AstDocs docs;
  const AstGate *gate; /* NULL: none */
  AstField *fields;    /* of a record, variant, enum or flags; a function's parameters */
  AstType *type;       /* what an alias stands for; a function's result, or NULL */
  union {
    struct {
      const AstPath *path; /* of a `use`; NULL: none */
      const AstRename *renames;
    };
    AstItem *items; /* a resource's functions */
  };
};

/* Where the items of some interfaces are. */
typedef struct AstPool AstPool;

typedef struct AstInterface {
  AstName name; /* empty: inline, in a world */
  AstDocs docs;
  const AstGate *gate; /* NULL: none */
  bool left_out;
  bool broken; /* something in it did not parse, so that names may be missing */
  AstItem *items;
  uint32_t item_count;
  AstPool *pool; /* of wit_parse_file_once; NULL: the items stay where they are */
} AstInterface;

typedef enum AstWorldItemKind {
  AST_WORLD_IMPORT,
  AST_WORLD_EXPORT,
  AST_WORLD_INCLUDE,
  AST_WORLD_ITEM, /* a type or a `use` */
} AstWorldItemKind;

typedef struct AstWorldItem {
  AstWorldItemKind kind;
  AstDocs docs;
  const AstGate *gate;      /* NULL: none */
  bool left_out;            /* by its gate; set by the resolver */
  AstName name;             /* of "import NAME: …", else empty */
  const AstPath *path;      /* an interface or a world; empty: one of the next two is there */
  AstInterface *interface;  /* "interface { … }" */
  AstItem *item;            /* a function, or what AST_WORLD_ITEM is */
  const AstRename *renames; /* of "include … with { … }" */
  uint32_t rename_count;
} AstWorldItem;

typedef struct AstWorld {
  AstName name;
  AstDocs docs;
  const AstGate *gate; /* NULL: none */
  bool left_out;
  bool broken; /* something in it did not parse, so that items may be missing */
  AstWorldItem *items;
  uint32_t item_count;
} AstWorld;

typedef struct AstFile AstFile;

/* What stands in a file: one of the four. */
typedef struct AstTop {
  AstInterface *interface;
  AstWorld *world;
  AstFile *package;   /* nested: "package ns:name { … }" */
  const AstPath *use; /* "use path as name;" */
  AstName use_as;
} AstTop;

typedef struct AstHeader {
  AstName namespace, name, version; /* without a namespace: there is no package line */
  AstDocs docs;
  Span span;
  bool broken; /* there is one, but it did not parse */
} AstHeader;

/* A file, or a nested package. */
struct AstFile {
  const Source *source;
  AstHeader header;
  AstTop *tops;
  uint32_t top_count;
  AstPool *pools; /* of wit_parse_file_once, till ast_release_file */
};

/* The files of one package. */
typedef struct AstPackage {
  AstHeader header;
  AstFile *const *files;
  size_t file_count;
} AstPackage;

/* The kind of type that a record, variant, enum or flags declares. */
TypeKind ast_item_type(AstItemKind kind);
/* Parses a text. Errors go to `diags`; what could be understood comes back all the same, so that names can be
 * checked too. NULL only where the text cannot be read at all. */
AstFile *wit_parse_file(Arena *arena, const Source *source, Diags *diags);
/* The same for who looks at each interface once. What stands in interfaces on their own, but for paths, has
 * memory of its own. */
AstFile *wit_parse_file_once(Arena *arena, const Source *source, Diags *diags);
/* The interface has no items any more. Their memory serves `arena` further on, once the last interface that
 * shares it is released. */
void ast_release(AstInterface *self, Arena *arena);
/* Gives back what is left of the items of a file that was parsed so; any other has none. */
void ast_release_file(AstFile *self);

#endif
