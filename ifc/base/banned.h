/* Functions that invite overflows or races do not compile. Included everywhere by the Makefile. */
#ifndef IFC_BASE_BANNED_H
#define IFC_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef alloca
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll tmpnam mktemp \
    alloca

#endif
