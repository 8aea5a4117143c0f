/* Packages in folders: in `deps`, in the folders that the user names, and beside what is loaded. Internal to
 * the WIT front end. Folders that are not the package's own are looked at only when a package is missing. */
#ifndef IFC_WIT_FIND_H
#define IFC_WIT_FIND_H

#include "ifc/wit_resolve.h"

typedef struct Finder Finder;

/* Of a package that was loaded from a path, "-" too. */
Finder *finder_new(Resolver *resolver, Str path, bool is_folder);
/* Adds the packages of the folder's own `deps`. */
void finder_add_deps(Finder *self);
/* Looks for a missing package, and adds it, or reports that it is not there. */
void finder_provide(Finder *self, const Need *need);

/* Reads what makes up one package: a file, or the *.wit of a folder. Nothing is added where that cannot be
 * read. */
typedef VEC(AstFile *) Files;
void files_add_file(Resolver *resolver, Str path, Files *out);
void files_add_folder(Resolver *resolver, Str path, Files *out);
void files_add_source(Resolver *resolver, const Source *source, Files *out);

#endif
