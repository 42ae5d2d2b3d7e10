#include "client/serving/command_line.hpp"

int main(int argc, char** argv) { return fedgram::client::serve_command_line({argv + 1, argv + argc}); }
