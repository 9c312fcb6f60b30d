#include "cli/cli.h"

int main(int argc, char** argv) { return fangzhi::cli::Main(argc, argv); }
