#pragma once

#include <functional>
#include <type_traits>
#include <utility>

namespace fedgram {

/// Runs a program's body and gives its exit code: what the body returns (0 where it returns nothing), or after an error
/// 2 (specification or usage), 3 (data), 4 (protocol), 5 (system), 1 (anything else), 128 + signal when interrupted.
/// An error is printed on standard error as one line, `PROGRAM: TEXT`, and several mistakes as a line each. So is what
/// couldn't be printed on standard output, in the end, which turns a 0 into 5; but where its reader has gone, into 141
/// without a word. Standard streams that are closed are held meanwhile.
int exit_code_of(const char* program, const std::function<int()>& body);

template <class Body>
requires std::is_void_v<std::invoke_result_t<Body&>>
int exit_code_of(const char* program, Body body)
{
    return exit_code_of(program, std::function<int()>{[&] {
                            body();
                            return 0;
                        }});
}

}  // namespace fedgram
