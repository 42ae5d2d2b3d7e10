#include "common/spec/mistakes.hpp"

#include <algorithm>
#include <sstream>

#include "common/error/spec_errors.hpp"
#include "common/text/joined.hpp"

namespace fedgram::spec {

void Mistakes::add(const SpecError& mistake)
{
    std::istringstream lines{mistake.what()};
    for (std::string line; std::getline(lines, line);)
        if (std::ranges::find(lines_, line) == lines_.end()) lines_.push_back(line);
}

void Mistakes::finish() const
{
    if (lines_.size() == 1) throw SpecError{lines_.front()};
    if (!lines_.empty()) throw SpecErrors{text::joined(lines_, "\n")};
}

}  // namespace fedgram::spec
