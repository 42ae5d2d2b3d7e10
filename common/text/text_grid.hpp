#pragma once

#include <string>
#include <vector>

namespace fedgram::carbon {

/// Rows of cells in columns as wide as their widest cell: the first flush left, the others flush right. Widths are
/// counted in bytes, so cells are ASCII.
class TextGrid {
public:
    /// A row of headings on two lines: each is broken at its last ", ".
    void add_headings(const std::vector<std::string>& headings);
    void add(std::vector<std::string> row);

    /// Each line ends in a newline and in no blank.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace fedgram::carbon
