/* Standard output and error as people see them: colours, one line of progress. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/time.h>
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

size_t terminal_columns(int descriptor)
{
  enum { LEAST = 60, USUAL = 80, MOST = 120 };
  const char *given = getenv("COLUMNS");
  uint64_t columns = 0;
  struct winsize size;
  if (!isatty(descriptor)) return USUAL;
  if ((!given || !str_to_u64(str_from_z(given), &columns) || !columns) &&
      ioctl(descriptor, TIOCGWINSZ, &size) == 0)
    columns = size.ws_col;
  if (!columns) return USUAL;
  return columns < LEAST ? LEAST : columns > MOST ? MOST : (size_t)columns;
}

enum { FIRST_MS = 500, EVERY_MS = 200, TEXT_MAX = 240, SECONDS_MAX = 24 };

/* Tools are waited for long and say nothing meanwhile, so a timer draws the line. Its signal handler has no
 * other way to know the line than a static one. */
static struct {
  Progress progress;
  uint64_t began;               /* nanoseconds */
  volatile sig_atomic_t length; /* of `text`; 0: nothing to draw, or it is being written */
  volatile sig_atomic_t shown;
  char text[TEXT_MAX + 1]; /* "\rverifying sort  12/48" */
} line;

static size_t line_columns(void)
{
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > SECONDS_MAX) return size.ws_col;
  return 80;
}

static void put_out(const char *text, size_t len)
{
  while (len) {
    ssize_t put = write(STDERR_FILENO, text, len);
    if (put < 0 && errno != EINTR) return;
    if (put > 0) text += put, len -= (size_t)put;
  }
}

/* "  3 s", and what stood further right goes; with what signal handlers may call. */
static void draw(void)
{
  static const char end[] = " s\x1b[K";
  char text[TEXT_MAX + 2 * SECONDS_MAX];
  size_t len = (size_t)line.length, digits = 0;
  if (!len) return;
  memcpy(text, line.text, len);
  text[len++] = ' ';
  text[len++] = ' ';
  uint64_t seconds = (clock_ns() - line.began) / 1000000000;
  for (uint64_t rest = seconds; rest || !digits; rest /= 10) digits++;
  for (size_t i = digits; i-- > 0; seconds /= 10) text[len + i] = (char)('0' + seconds % 10);
  len += digits;
  memcpy(text + len, end, sizeof end - 1);
  line.shown = 1;
  put_out(text, len + sizeof end - 1);
}

static void on_timer(int number)
{
  int before = errno;
  (void)number;
  draw();
  errno = before;
}

/* "verifying sort  12/48  3 s": what, how far, how long. */
static void progress_say(Progress *self, Str what, uint64_t done, uint64_t total)
{
  (void)self;
  line.length = 0;
  char count[64] = "";
  if (total > 1)
    snprintf(count, sizeof count, "  %llu/%llu", (unsigned long long)done, (unsigned long long)total);
  else if (!total && done)
    snprintf(count, sizeof count, "  %llu", (unsigned long long)done);
  size_t room = line_columns() - 1, used = strlen(count) + SECONDS_MAX / 2;
  if (room > TEXT_MAX - sizeof count) room = TEXT_MAX - sizeof count;
  size_t fits = 0;
  for (size_t at = 0, columns = used; at < what.len && columns < room; columns++, fits = at)
    if (utf8_next(what, &at) < ' ') break;
  if (fits > TEXT_MAX - sizeof count) fits = 0;
  line.length = snprintf(line.text, sizeof line.text, "\r%.*s%s", (int)fits, what.at, count);
}

static void set_timer(long first_ms, long every_ms)
{
  struct itimerval timer = {.it_value = {.tv_usec = first_ms * 1000},
                            .it_interval = {.tv_usec = every_ms * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

Progress *run_progress(Run *run)
{
  (void)run;
  if (!isatty(STDERR_FILENO)) return NULL;
  struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
  line.progress.update = progress_say;
  line.began = clock_ns();
  line.length = line.shown = 0;
  sigaction(SIGALRM, &action, NULL);
  set_timer(FIRST_MS, EVERY_MS);
  return &line.progress;
}

void progress_end(Progress *self)
{
  if (!self) return;
  set_timer(0, 0);
  line.length = 0;
  if (line.shown) put_out("\r\x1b[K", 4);
}
