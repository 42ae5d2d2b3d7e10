#include "datasets/readers/sample_facts.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::datasets {

std::string sample_facts(const Dataset& data)
{
    using Json = nlohmann::ordered_json;
    Json facts{{"shape", {data.channels, data.height, data.width}},
               {"class_count", data.classes},
               {"test_samples", data.test.size()}};
    if (!data.making.empty()) facts.update(Json::parse(data.making));
    facts.erase("owners");  // no model needs to know whose the samples were
    return facts.dump();
}

}  // namespace fedgram::datasets
