#pragma once

#include <functional>

namespace fedgram {

/// Runs a program's body and gives its exit code: 0, or after an error 2 (specification or usage), 3 (data),
/// 4 (protocol), 5 (system), 1 (anything else), 128 + signal when interrupted. An error is printed on standard
/// error as one line, `PROGRAM: TEXT`.
int exit_code_of(const char* program, const std::function<void()>& body);

}  // namespace fedgram
