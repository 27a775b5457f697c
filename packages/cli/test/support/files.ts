// Credentials of the AWS documentation's examples.
export const accessKey = 'AKIDEXAMPLE'
export const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

export const keys: Readonly<Record<string, string>> = {
  EZ_VAR_ACCESS_KEY: accessKey,
  EZ_VAR_SECRET_KEY: secretKey,
}

export const signed = `preRequest:
  - use: '@ez/aws-sigv4'
    with: { service: execute-api, region: us-east-1, credentials: { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' } }
`

export const orders: string = `name: orders
method: POST
url: '{{base_url}}/reports?b=2&a=1'
headers: { content-type: application/json }
body:
  json: { start: '{%yesterday%}T00:00:01', marketplaceIds: '{{marketplace_ids}}' }
${signed}`
