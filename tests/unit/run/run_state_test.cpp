#include "common/run/run_state.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/run/run_folder.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using fedgram::test::TemporaryFolder;

TEST_CASE("A run is running while a coordinator keeps its folder, and no longer")
{
    const TemporaryFolder folder;
    {
        const RunFolder kept{folder.path()};
        CHECK(state_of(folder.path(), false) == RunState::running);
    }
    CHECK(state_of(folder.path(), true) == RunState::whole);
}

TEST_CASE("A run that a signal stopped is told from one that failed")
{
    const TemporaryFolder folder;
    CHECK(state_of(folder.path(), false) == RunState::failed);
    RunFolder{folder.path()}.append_event("started", nlohmann::ordered_json::object());
    CHECK(state_of(folder.path(), false) == RunState::failed);
    RunFolder{folder.path()}.append_event("interrupted", nlohmann::ordered_json::object());
    CHECK(state_of(folder.path(), false) == RunState::interrupted);
    RunFolder{folder.path()}.append_event("resumed", nlohmann::ordered_json::object());
    CHECK(state_of(folder.path(), false) == RunState::failed);
    CHECK(name(RunState::failed) == "failed");
}
