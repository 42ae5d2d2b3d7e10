#include "experiments/launch/slurm/array_book.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::experiments::slurm {

using nlohmann::ordered_json;

std::string encode(const ArrayBook& book)
{
    auto arrays = ordered_json::array();
    for (const auto& array : book.arrays)
        arrays.push_back({{"number", array.number},
                          {"name", array.name},
                          {"job", array.id ? ordered_json(*array.id) : ordered_json(nullptr)}});
    return ordered_json{{"format", 1}, {"arrays", arrays}}.dump(2) + "\n";
}

ArrayBook parse_array_book(std::string_view text, const std::string& where)
{
    ArrayBook book;
    try {
        const auto json = nlohmann::json::parse(text);
        if (json.at("format").get<int>() != 1) throw DataError{where + " is of a later version of Fedgram"};
        for (const auto& entry : json.at("arrays")) {
            TaskArray array{entry.at("number").get<std::uint32_t>(), entry.at("name").get<std::string>(), {}, {}};
            if (!entry.at("job").is_null()) array.id = entry.at("job").get<std::string>();
            book.arrays.push_back(std::move(array));
        }
    } catch (const nlohmann::json::exception&) {
        throw DataError{where + " is damaged; `squeue --me` shows what still runs: cancel that, and remove the file"};
    }
    return book;
}

}  // namespace fedgram::experiments::slurm
