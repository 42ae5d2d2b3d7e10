#include "datasets/records/records.hpp"

#include <stdexcept>

#include "datasets/records/embedded_file.hpp"

namespace fedgram::datasets {

std::string_view record(std::string_view path)
{
    for (const auto& file : embedded_records)
        if (file.path == path) return file.text;
    throw std::out_of_range{"no record " + std::string{path}};
}

std::vector<std::string> record_names(std::string_view prefix)
{
    std::vector<std::string> names;
    for (const auto& file : embedded_records)
        if (file.path.starts_with(prefix)) names.emplace_back(file.path);
    return names;
}

}  // namespace fedgram::datasets
