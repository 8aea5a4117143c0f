// Compares squares, so that there is no square root to round.
#include "circle.h"

bool exports_geometry_shapes_circle_intersects(exports_geometry_shapes_circle_circle_t *a,
                                               exports_geometry_shapes_circle_circle_t *b)
{
  double dx = a->center.f0 - b->center.f0;
  double dy = a->center.f1 - b->center.f1;
  double reach = a->radius + b->radius;
  return dx * dx + dy * dy <= reach * reach;
}
