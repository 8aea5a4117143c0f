/* Standard output and error as people see them: colours, one line of progress. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/terminal.h"
#include "ifc/base/clock.h"
#include "ifc/base/utf8.h"

bool terminal_wants_colour(int descriptor)
{
  const char *no_colour = getenv("NO_COLOR");
  const char *term = getenv("TERM");
  if (no_colour && *no_colour) return false;
  return isatty(descriptor) && term && !str_equal(str_from_z(term), STR("dumb"));
}

typedef struct ProgressLine {
  Progress progress;
  uint64_t began, drawn; /* nanoseconds */
  bool shown;
} ProgressLine;

static size_t terminal_columns(void)
{
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

/* "verifying sort  12/48  3 s": what, how far, how long. */
static void progress_draw(Progress *self, Str what, uint64_t done, uint64_t total)
{
  ProgressLine *line = (ProgressLine *)(void *)self;
  uint64_t now = clock_ns();
  if (now - line->began < 500000000 || now - line->drawn < 100000000) return;
  line->drawn = now;
  line->shown = true;
  char text[256];
  unsigned seconds = (unsigned)((now - line->began) / 1000000000);
  int length = total ? snprintf(text, sizeof text, "%.*s  %llu/%llu  %u s", STR_ARG(what),
                                (unsigned long long)done, (unsigned long long)total, seconds)
                     : snprintf(text, sizeof text, "%.*s  %llu  %u s", STR_ARG(what),
                                (unsigned long long)done, seconds);
  size_t columns = terminal_columns() - 1;
  if (length > 0 && (size_t)length > columns) text[columns < sizeof text ? columns : sizeof text - 1] = 0;
  fprintf(stderr, "\r%s\x1b[K", text);
  fflush(stderr);
}

Progress *run_progress(Run *run)
{
  if (!isatty(STDERR_FILENO)) return NULL;
  ProgressLine *line = arena_new_of(run->arena, ProgressLine);
  line->progress.update = progress_draw;
  line->began = clock_ns();
  return &line->progress;
}

void progress_end(Progress *self)
{
  ProgressLine *line = (ProgressLine *)(void *)self;
  if (!line || !line->shown) return;
  fputs("\r\x1b[K", stderr);
  fflush(stderr);
  line->shown = false;
}
