#include "experiments/watching/appended_lines.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "common/error/error.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::size_t remembered = 256;

/// What stands behind `offset`; nothing where the file is shorter.
std::string text_behind(std::ifstream& file, std::uint64_t offset)
{
    file.seekg(static_cast<std::streamoff>(offset));
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

AppendedLines::More AppendedLines::more()
{
    // A pipe would have to be waited for.
    if (!std::filesystem::exists(path_)) return {};
    if (!std::filesystem::is_regular_file(path_)) throw SystemError{path_.string() + " is no file"};
    std::ifstream file{path_, std::ios::binary};
    if (!file) throw SystemError{path_.string() + " can't be read"};
    More more;
    more.text = text_behind(file, read_ - last_.size());
    if (more.text.starts_with(last_)) {
        more.text.erase(0, last_.size());
    } else {
        file.clear();
        more = {text_behind(file, 0), true};
        read_ = 0;
        last_.clear();
    }
    more.text.erase(more.text.rfind('\n') + 1);
    read_ += more.text.size();
    last_ += more.text;
    last_.erase(0, last_.size() - std::min(last_.size(), remembered));
    return more;
}

}  // namespace fedgram::experiments
