#include "coordinator/command_line.hpp"

int main(int argc, char** argv) { return fedgram::coordinator::run_command_line({argv + 1, argv + argc}); }
