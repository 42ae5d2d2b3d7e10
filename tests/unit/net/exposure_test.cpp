#include "common/net/exposure.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram::net;

namespace {

asio::ip::tcp::endpoint at(const char* address) { return {asio::ip::make_address(address), 7000}; }

}  // namespace

TEST_CASE("An address beyond this machine needs TLS, or the user's word", "[coordinator]")
{
    for (const char* const address : {"0.0.0.0", "192.0.2.7", "::"}) {
        CHECK_THROWS_AS(exposure_notice(at(address), Encryption::none, Invitation::secret, Insecurity::refused),
                        fedgram::SpecError);
        CHECK_FALSE(exposure_notice(at(address), Encryption::tls, Invitation::none, Insecurity::refused));
        CHECK_FALSE(exposure_notice(at(address), Encryption::none, Invitation::secret, Insecurity::wanted));
        CHECK(exposure_notice(at(address), Encryption::none, Invitation::none, Insecurity::wanted));
    }
}

TEST_CASE("On loopback whoever may join without a secret is named in a notice", "[coordinator]")
{
    for (const char* const address : {"127.0.0.1", "127.9.9.9", "::1"}) {
        CHECK(exposure_notice(at(address), Encryption::none, Invitation::none, Insecurity::refused));
        CHECK_FALSE(exposure_notice(at(address), Encryption::none, Invitation::secret, Insecurity::refused));
    }
}
