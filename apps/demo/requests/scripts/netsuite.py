# NetSuite token-based authentication (OAuth 1.0a with HMAC-SHA256, RFC 5849) as a pre-request script.
# Its variable `signature` is {%signature%} in the request's Authorization header.
import base64
import hashlib
import hmac
from urllib.parse import quote


def encode(text):
    return quote(text, safe='')


oauth = {
    'oauth_consumer_key': '{{netsuite_consumer_key}}',
    'oauth_nonce': '{%nonce%}',
    'oauth_signature_method': 'HMAC-SHA256',
    'oauth_timestamp': '{%timestamp%}',
    'oauth_token': '{{netsuite_token}}',
    'oauth_version': '1.0',
}

# The query is signed along with the protocol parameters, sorted by what is encoded.
parameters = sorted((encode(name), encode(value)) for name, value in [*oauth.items(), *request.query.items()])
joined = '&'.join(f'{name}={value}' for name, value in parameters)
base_string = '&'.join(encode(part) for part in (request.method, request.url, joined))
print('base string: ' + base_string)

key = encode('{{netsuite_consumer_secret}}') + '&' + encode('{{netsuite_token_secret}}')
digest = hmac.new(key.encode(), base_string.encode(), hashlib.sha256).digest()
oauth['oauth_signature'] = base64.b64encode(digest).decode()

signature = 'OAuth realm="{{netsuite_account}}", ' + ', '.join(
    f'{name}="{encode(value)}"' for name, value in oauth.items())
