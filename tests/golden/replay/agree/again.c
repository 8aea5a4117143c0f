#define HALF(x) ((x) * 0.5)
#define LAST_SMALL 'z'
#define COUNTED(count) (count)
#define SUM(value) (value)
#include "common.h"
