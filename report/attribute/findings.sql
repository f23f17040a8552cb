-- What is odd about the names of keys: each a line of text.
WITH gateway AS (
    SELECT DISTINCT d.ProviderName, coalesce(d.x_ApiKeyName, d.x_ApiKeyId) AS key, s.api_key
    FROM dimensions d JOIN shared s USING (x_Dimension)
    WHERE s.role = 'requests' AND coalesce(d.x_ApiKeyName, d.x_ApiKeyId) IS NOT NULL
), aliases AS (
    SELECT as_key(alias) AS name, api_key, list(name) AS names FROM key_aliases GROUP BY ALL
)
SELECT format('keys: {}: no usage and no bill names the key {}', name, api_key) AS finding
FROM aliases WHERE api_key NOT IN (SELECT api_key FROM provider_keys UNION SELECT name FROM provider_keys WHERE name IS NOT NULL)
UNION ALL
SELECT format('keys: {}: no request was made with it', name)
FROM aliases a WHERE NOT EXISTS (FROM dimensions d WHERE list_contains(a.names, d.x_ApiKeyId) OR list_contains(a.names, d.x_ApiKeyName))
UNION ALL
SELECT format('the gateway''s key {} is none of {}''s: its requests are taken off all keys of the same model and day, in proportion; if you know the key behind it, add keys: {{{}: …}}', key, ProviderName, key)
FROM gateway WHERE api_key IS NULL AND ProviderName IN (SELECT ProviderName FROM provider_keys)
ORDER BY 1
