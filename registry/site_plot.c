/* Dots with whiskers on a logarithmic axis: a ratio of two and one of a half are equally far from one. */
#include <math.h>

#include "registry/site_page.h"

enum { PLOT_WIDTH = 260, PLOT_MARGIN = 20, PLOT_HEIGHT = 18, AXIS_HEIGHT = 20, PLOT_TICKS = 5 };

static double log_ratio(int64_t ppm)
{
  return log2(fmax((double)ppm, 1) / 1e6);
}

Plot plot_of(const Json *rows, int64_t floor_ppm)
{
  Plot plot = {0, 0, log_ratio(1000000 + (floor_ppm > 0 && floor_ppm < 1000000 ? floor_ppm : 0))};
  for (size_t i = 0; i < jv_count(rows); i++) {
    const Json *row = jv_at(rows, i);
    plot.low = fmin(plot.low, log_ratio(document_number(row, "low-ppm")));
    plot.high = fmax(plot.high, log_ratio(document_number(row, "high-ppm")));
  }
  plot.low = fmin(plot.low, -plot.floor);
  plot.high = fmax(plot.high, fmax(plot.floor, 0.07)); /* at least 5 %: noise must not fill the page */
  return plot;
}

static double plot_x(const Plot *self, double log_value)
{
  double part = (log_value - self->low) / (self->high - self->low);
  return PLOT_MARGIN + fmin(fmax(part, 0), 1) * (PLOT_WIDTH - 2 * PLOT_MARGIN);
}

/* Steps below 1 are between ratios (1×, 1.1×, 1.2×), others between octaves (1×, 4×, 16×). */
static double tick_ratio(double step, int k)
{
  return step < 1 ? 1 + k * step : exp2(k * step);
}

static bool tick_inside(const Plot *self, double step, int k)
{
  double ratio = tick_ratio(step, k);
  return ratio > 0 && log2(ratio) >= self->low - 1e-9 && log2(ratio) <= self->high + 1e-9;
}

/* The range of ticks at one step: `*from` to `*to`, 1× being number 0. */
static void ticks_at(const Plot *self, double step, int *from, int *to)
{
  for (*from = 0; *from > -PLOT_TICKS && tick_inside(self, step, *from - 1); --*from) {
  }
  for (*to = 0; *to < PLOT_TICKS && tick_inside(self, step, *to + 1); ++*to) {
  }
}

static double ticks(const Plot *self, int *from, int *to)
{
  static const double steps[] = {.01, .02, .05, .1, .2, .5, 1, 2, 4, 8, 16, 32, 64};
  size_t i = 0, last = sizeof steps / sizeof *steps - 1;
  for (ticks_at(self, steps[i], from, to); *to - *from >= PLOT_TICKS && i < last;)
    ticks_at(self, steps[++i], from, to);
  return steps[i];
}

/* Size and colours are those of a page without its style sheet, which has others. */
static void svg_begin(Buf *out, int height)
{
  buf_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" stroke=\"currentColor\"", PLOT_WIDTH, height,
             PLOT_WIDTH);
}

static void plot_grid(const Plot *self, Buf *out)
{
  int from, to;
  double step = ticks(self, &from, &to);
  if (self->floor > 0)
    buf_printf(out, "<rect class=\"floor\" opacity=\".1\" x=\"%.1f\" width=\"%.1f\" y=\"0\" height=\"%d\"/>",
               plot_x(self, -self->floor), plot_x(self, self->floor) - plot_x(self, -self->floor),
               PLOT_HEIGHT);
  for (int k = from; k <= to; k++) {
    double x = plot_x(self, log2(tick_ratio(step, k)));
    buf_printf(out, "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>", k ? "grid" : "one", x,
               x, PLOT_HEIGHT);
  }
}

void plot_row(const Plot *self, const Json *row, Buf *out)
{
  int64_t ppm = document_number(row, "ratio-ppm"), low = document_number(row, "low-ppm"),
          high = document_number(row, "high-ppm");
  double middle = PLOT_HEIGHT / 2.0;
  buf_z(out, "<td class=\"plot\">");
  svg_begin(out, PLOT_HEIGHT);
  HTML(out, " role=\"img\" aria-label=\"{}, 95 % interval {} to {}\">", ratio_text(out->arena, ppm),
       ratio_text(out->arena, low), ratio_text(out->arena, high));
  plot_grid(self, out);
  buf_printf(out, "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
             plot_x(self, log_ratio(low)), plot_x(self, log_ratio(high)), middle, middle);
  buf_printf(out, "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/></svg></td>",
             plot_x(self, log_ratio(ppm)), middle);
}

void plot_axis(const Plot *self, Buf *out)
{
  int from, to;
  double step = ticks(self, &from, &to);
  buf_z(out, "<th scope=\"col\" class=\"plot\"><span class=\"away\">interval</span>");
  svg_begin(out, AXIS_HEIGHT);
  buf_z(out, " aria-hidden=\"true\">");
  for (int k = from; k <= to; k++)
    buf_printf(out, "<text x=\"%.1f\" y=\"17\" text-anchor=\"middle\">%.6g×</text>",
               plot_x(self, log2(tick_ratio(step, k))), tick_ratio(step, k));
  buf_z(out, "</svg></th>");
}
