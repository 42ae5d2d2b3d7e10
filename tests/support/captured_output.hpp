#pragma once

#include <iostream>
#include <sstream>
#include <string>

namespace fedgram::test {

/// What this process prints on standard output while the object is there.
class CapturedOutput {
public:
    CapturedOutput() : former_{std::cout.rdbuf(text_.rdbuf())} {}
    CapturedOutput(const CapturedOutput&) = delete;
    CapturedOutput& operator=(const CapturedOutput&) = delete;
    ~CapturedOutput() { std::cout.rdbuf(former_); }

    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::streambuf* former_;
};

}  // namespace fedgram::test
