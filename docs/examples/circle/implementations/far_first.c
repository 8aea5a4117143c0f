// Circles far apart in one coordinate are settled by comparing; only near ones are multiplied out.
#include "circle.h"
#include <math.h>

/* Further apart than twice the reach: even rounded squares cannot say otherwise, as long as squares neither
 * overflow nor vanish, which is what the other two bounds see to. */
static bool is_far(double distance, double reach)
{
  return distance > 2 * reach && distance > 1e-150 && distance < 1e150;
}

bool exports_geometry_shapes_circle_intersects(exports_geometry_shapes_circle_circle_t *a,
                                               exports_geometry_shapes_circle_circle_t *b)
{
  double dx = fabs(a->center.f0 - b->center.f0);
  double dy = fabs(a->center.f1 - b->center.f1);
  double reach = fabs(a->radius + b->radius);
  if (dy < 1e150 && is_far(dx, reach)) return false;
  if (dx < 1e150 && is_far(dy, reach)) return false;
  return dx * dx + dy * dy <= reach * reach;
}
