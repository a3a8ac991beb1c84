/** The commands of the operations manual OP-BKP-RST-001 that speak to the API, as they are printed there. */

export const HOST = 'https://localhost:6443'

/** Section 4.2, step 1. */
export const LOGIN = `TOKEN=$(curl -sk -X POST https://localhost:6443/api/v1/auth/login \\
  -H "Content-Type: application/json" \\
  -d '{"username":"admin","password":"'"$ADMIN_PASSWORD"'"}' \\
  | jq -r '.token')

# トークンが取得できたか確認
echo "Token: \${TOKEN:0:20}..."`

/** Section 4.2, step 2. */
export const LIST = `curl -sk -X GET "https://localhost:6443/api/v1/backups?status=success&sort=created_at&order=desc" \\
  -H "Authorization: Bearer $TOKEN" \\
  | jq '.data.backups[] | {backup_id, backup_type, created_at, file_size}'`

/** Section 4.2, step 3. */
export const SHOW = `BACKUP_ID="BKP-20260215-020015-daily"

curl -sk -X GET "https://localhost:6443/api/v1/backups/$BACKUP_ID" \\
  -H "Authorization: Bearer $TOKEN" \\
  | jq '.data | {backup_id, backup_type, status, file_path, file_size, checksum, created_at}'`

/** Section 4.2, step 4. */
export const RESTORE = `BACKUP_ID="BKP-20260215-020015-daily"

curl -sk -X POST "https://localhost:6443/api/v1/backups/$BACKUP_ID/restore" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "confirm": true,
    "backup_current": true
  }' | jq '.'`

/** Section 4.2, step 5, and section 11. */
export const HEALTH = `curl -sk https://localhost:6443/api/v1/health | jq '.'`

/** Section 4.4. */
export const RESTORE_WITHOUT_SAFETY = `BACKUP_ID="BKP-20260215-020015-daily"
curl -sk -X POST "https://localhost:6443/api/v1/backups/$BACKUP_ID/restore" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "confirm": true,
    "backup_current": false
  }' | jq '.'`

/** Section 6.2. */
export const VERIFY = `BACKUP_ID="BKP-20260215-020015-daily"

curl -sk -X POST "https://localhost:6443/api/v1/backups/$BACKUP_ID/verify" \\
  -H "Authorization: Bearer $TOKEN" \\
  | jq '.data'`

/** Section 9, Q5. */
export const LIST_ALL = `curl -sk -X GET "https://localhost:6443/api/v1/backups" \\
  -H "Authorization: Bearer $TOKEN" | jq '.data'`

/** Section 11. */
export const LOGIN_WORKS = `curl -sk -X POST https://localhost:6443/api/v1/auth/login \\
  -H "Content-Type: application/json" \\
  -d '{"username":"admin","password":"'"$ADMIN_PASSWORD"'"}' | jq '.token'`
