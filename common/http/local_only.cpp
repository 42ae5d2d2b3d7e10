#include "common/http/local_only.hpp"

#include "common/error/error.hpp"
#include "common/net/address.hpp"

namespace fedgram::http {

bool is_own_host(const std::string& host) { return host == "127.0.0.1" || host == "localhost" || host == "::1"; }

asio::ip::tcp::endpoint local_endpoint(asio::io_context& context, const std::string& address, const std::string& option)
{
    auto endpoint = [&] {
        try {
            return net::parse_address(context, address);
        } catch (const SpecError& error) {
            throw SpecError{option + ": " + error.what()};
        } catch (const SystemError& error) {
            throw SpecError{option + ": " + error.what() + "; use 127.0.0.1:PORT"};
        }
    }();
    if (!endpoint.address().is_loopback())
        throw SpecError{option + ": " + address +
                        " can be reached from other machines, and nobody would be asked who they are; use "
                        "127.0.0.1:PORT, with Prometheus or a tunnel to it on this machine"};
    return endpoint;
}

}  // namespace fedgram::http
