#include <catch2/catch.hpp>

#include "common/report/seeds/setting_names.hpp"

using namespace fedgram::report;

namespace {

using Names = std::vector<std::string>;

Names names_of(const std::vector<std::string>& settings)
{
    std::vector<NamedSetting> named;
    for (const auto& setting : settings) named.push_back({setting, "run-" + std::to_string(named.size())});
    return setting_names(named);
}

}  // namespace

TEST_CASE("A setting is named by the values that tell it apart")
{
    CHECK(names_of({R"({"target": 0.8, "trainings": [{"local_epochs": 1, "partition": {"kind": "iid"}}]})",
                    R"({"target": 0.8, "trainings": [{"local_epochs": 5, "partition": {"kind": "dirichlet"}}]})"}) ==
          Names{"local_epochs 1, kind iid", "local_epochs 5, kind dirichlet"});
}

TEST_CASE("A key that each training has is told once, where all of them have the same value")
{
    CHECK(names_of({R"({"trainings": [{"local_epochs": 1}, {"local_epochs": 1}]})",
                    R"({"trainings": [{"local_epochs": 5}, {"local_epochs": 5}]})"}) ==
          Names{"local_epochs 1", "local_epochs 5"});
}

TEST_CASE("Settings that no short list of values tells apart go by their fallbacks")
{
    const Names fallbacks{"run-0", "run-1"};
    CHECK(names_of({R"({"a": 1})", R"({"a": 1})"}) == fallbacks);
    CHECK(names_of({R"({"a": 1, "b": 1, "c": 1, "d": 1})", R"({"a": 2, "b": 2, "c": 2, "d": 2})"}) == fallbacks);
    CHECK(names_of({R"({"a": 1})", R"({"a": 1, "b": 2})"}) == fallbacks);        // the first one has no value
    CHECK(names_of({R"({"pue": [1, 2]})", R"({"pue": [1, 3]})"}) == fallbacks);  // an item of a list has no name
}
