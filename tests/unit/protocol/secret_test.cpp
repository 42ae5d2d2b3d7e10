#include "common/protocol/secret.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using protocol::given_secret;
using protocol::Secret;

TEST_CASE("A secret is 64 hexadecimal digits, and each run has its own", "[protocol]")
{
    const auto secret = Secret::random();
    CHECK(Secret::from_hex(secret.hex())->hex() == secret.hex());
    CHECK(Secret::random().hex() != secret.hex());
    CHECK_FALSE(Secret::from_hex(std::string(63, 'a')));
    CHECK_FALSE(Secret::from_hex(std::string(65, 'a')));
    CHECK_FALSE(Secret::from_hex(std::string(63, 'a') + "g"));
    CHECK_FALSE(Secret::from_hex("-1" + std::string(62, 'a')));
}

TEST_CASE("A secret comes from its file, else from the environment", "[protocol]")
{
    using std::filesystem::perms;
    const test::TemporaryFolder folder;
    const auto file = folder / "secret";
    ::setenv(Secret::variable, std::string(64, 'e').c_str(), 1);
    CHECK(given_secret(std::nullopt)->hex() == std::string(64, 'e'));

    test::write_file(file, std::string(64, 'f') + "\n");
    std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
    CHECK(given_secret(file)->hex() == std::string(64, 'f'));
    test::write_file(file, "\xEF\xBB\xBF" + std::string(64, 'f') + "\r\n");  // by an editor of Windows
    CHECK(given_secret(file)->hex() == std::string(64, 'f'));
    std::filesystem::permissions(file, perms::group_read, std::filesystem::perm_options::add);
    CHECK_THROWS_AS(given_secret(file), SpecError);

    test::write_file(folder / "short", "abc");
    std::filesystem::permissions(folder / "short", perms::owner_read);
    CHECK_THROWS_AS(given_secret(folder / "short"), SpecError);
    CHECK_THROWS_AS(given_secret(folder / "absent"), SpecError);

    ::setenv(Secret::variable, "guess", 1);
    CHECK_THROWS_AS(given_secret(std::nullopt), SpecError);
    ::unsetenv(Secret::variable);
    CHECK_FALSE(given_secret(std::nullopt));
}
