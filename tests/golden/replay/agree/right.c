#define HALF(x) ((x) / 2)
#define LAST_SMALL 'z'
#define COUNTED(count) (count)
#define SUM(value) (value)
#include "common.h"
