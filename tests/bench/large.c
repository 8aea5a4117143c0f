/* Writes a large C program, as other large programs are: some hundred functions of loops, tables, switches
 * and calls of each other. The same text every time. usage: large FUNCTIONS >large.c */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 0x9e3779b97f4a7c15;

static unsigned below(unsigned limit)
{
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(state >> 33) % limit;
}

static const char *operand(void)
{
  static const char *const operands[] = {"a", "b", "c", "d", "table[a & 255]", "table[b & 255]", "(a >> 3)"};
  return operands[below(sizeof operands / sizeof *operands)];
}

static void put_assignment(void)
{
  static const char *const operators[] = {"+", "-", "*", "^", "&", "|", "+", "^"};
  static const char names[] = "abcd";
  printf("%c = %s %s (%s %s %uu);\n", names[below(4)], operand(), operators[below(8)], operand(),
         operators[below(8)], below(100000));
}

static void put_assignments(unsigned count)
{
  while (count--) put_assignment();
}

static void put_statement(unsigned function)
{
  switch (below(6)) {
  case 0:
    printf("for (uint32_t i = 0; i < %uu; i++) {\n", 3 + below(6));
    put_assignments(2 + below(3));
    printf("d += i ^ table[(c + i) & 255];\n}\n");
    break;
  case 1:
    printf("if (%s > %uu) {\n", operand(), below(1u << 30));
    put_assignments(2 + below(3));
    printf("} else {\n");
    put_assignments(1 + below(3));
    printf("}\n");
    break;
  case 2:
    printf("switch (%s & 7) {\n", operand());
    for (unsigned i = 0; i < 8; i++) {
      printf("case %u: ", i);
      put_assignment();
      printf("break;\n");
    }
    printf("}\n");
    break;
  case 3:
    printf("table[(%s) & 255] = a ^ b;\n", operand());
    printf("c += (uint32_t)((double)(a & 0xffff) * %u.5) / 3;\n", below(100));
    break;
  case 4:
    if (function) printf("if ((a & 31) == 0) b ^= f%u(b, c);\n", below(function));
    break;
  default: put_assignments(3);
  }
}

int main(int argc, char **argv)
{
  unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 400;
  puts("#include <stdint.h>\nstatic uint32_t table[256];\n"
       "uint32_t exports_bench_large_work_run(uint32_t seed);");
  for (unsigned i = 0; i < count; i++) {
    printf("static __attribute__((noinline)) uint32_t f%u(uint32_t a, uint32_t b)\n{\nuint32_t c = a ^ b, d "
           "= 7;\n",
           i);
    for (unsigned k = 6 + below(16); k; k--) put_statement(i);
    puts("return a ^ b ^ c ^ d;\n}");
  }
  puts("uint32_t exports_bench_large_work_run(uint32_t seed)\n{\n"
       "for (uint32_t i = 0; i < 256; i++) table[i] = i * 2654435761u;\n"
       "uint32_t a = seed;");
  for (unsigned i = 0; i < count; i++) printf("a += f%u(a, %uu);\n", i, i);
  puts("return a;\n}");
  return 0;
}
